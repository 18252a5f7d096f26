-- Have messages tried again, and note who asked for it and why.
-- Reads delivery. Writes delivery, message, delivery_retry. Locks deliveries and messages.
-- They are allowed as they were, and pass the guard again at the door.
with before as materialized (
    select
        delivery.id,
        delivery.workspace_id,
        delivery.message_id,
        delivery.state
    from delivery
    where delivery.id = any(%(delivery_ids)s::bigint[])
),

noted as (
    insert into delivery_retry (workspace_id, delivery_id, asked_at, asked_by, reason, was)
    select
        before.workspace_id,
        before.id,
        %(now)s::timestamptz,
        %(asked_by)s,
        %(reason)s,
        before.state
    from before
),

retried as (
    update delivery
    set state = 'retried', doubt_until = null, retry_at = null
    from before
    where delivery.id = before.id
)

update message
set state = 'allowed', act_at = %(now)s::timestamptz
from before
where message.id = before.message_id
