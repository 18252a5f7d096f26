-- Look at once at what a stopped message held back, now that it may go on.
-- Reads journey, template, decision. Writes message. Locks the messages it wakes.
update message
set act_at = %(now)s
from journey, template
where
    message.workspace_id = %(workspace_id)s
    and message.state = 'held'
    and message.act_at > %(now)s
    and message.journey_id = journey.id
    and journey.workspace_id = %(workspace_id)s
    and journey.name = %(journey)s
    and message.template_id = template.id
    and template.name = %(template)s
    and (
        select decision.reason
        from decision
        where decision.message_id = message.id
        order by decision.evaluation desc
        limit 1
    ) = 'message_stopped'
