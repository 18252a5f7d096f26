-- Take the messages that are at the door, to judge them once more.
-- Reads message, decision. Writes candidate. Locks the messages it takes.
-- A lock that lets foreign keys pass: a receipt may be written while we look.
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
    allowed_at,
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
    message.allowed_at,
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
    and message.id = any(%(message_ids)s::bigint[])
    and message.state in ('allowed', 'handed')
order by message.id
for no key update
