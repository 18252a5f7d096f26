-- Take the messages whose time to be judged has come, longest waiting first.
-- Reads message, decision. Writes candidate. Locks the messages it takes.
insert into candidate (
    message_id,
    enrollment_id,
    journey_id,
    version_id,
    customer_id,
    channel,
    purpose,
    planned_at,
    expires_at,
    evaluation
)
select
    message.id,
    message.enrollment_id,
    message.journey_id,
    message.version_id,
    message.customer_id,
    message.channel,
    message.purpose,
    message.planned_at,
    message.expires_at,
    1 + coalesce(
        (
            select max(decision.evaluation)
            from decision
            where decision.message_id = message.id
        ),
        0
    )
from message
where
    message.workspace_id = %(workspace_id)s
    and message.state in ('planned', 'held')
    and message.act_at <= %(now)s
order by message.act_at, message.id
limit %(batch)s
for no key update skip locked
