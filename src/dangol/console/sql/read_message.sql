-- One message of one customer, with the journey that planned it and the limits in force.
-- Reads message, journey, journey_step, template, workspace.
select
    message.id,
    message.state,
    message.channel,
    message.purpose,
    message.planned_at,
    message.expires_at,
    message.act_at,
    journey.title_ko,
    journey.title_en,
    journey_step.name as step,
    template.subject,
    workspace.cap_messages,
    workspace.cap_days,
    to_char(workspace.quiet_from, 'HH24:MI') as quiet_from,
    to_char(workspace.quiet_until, 'HH24:MI') as quiet_until
from message
inner join workspace on message.workspace_id = workspace.id
inner join journey on message.journey_id = journey.id
inner join journey_step
    on
        message.version_id = journey_step.version_id
        and message.step_number = journey_step.number
inner join template on message.template_id = template.id
where
    message.workspace_id = %(workspace_id)s
    and message.customer_id = %(customer_id)s
    and message.id = %(message_id)s
