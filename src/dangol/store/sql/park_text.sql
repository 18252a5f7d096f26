-- Keep a text that the inbox cannot take, as an event that tells of it and is set aside.
-- Writes event, parked_event.
with kept as (
    insert into event (
        workspace_id, received_at, occurred_at, type, name, message_id, properties
    )
    values (
        %(workspace_id)s,
        %(received_at)s,
        %(received_at)s,
        'track',
        'Unreadable',
        'unreadable:' || md5(%(text)s::text),
        jsonb_build_object('text', %(text)s::text)
    )
    returning event.id
)

insert into parked_event (workspace_id, event_id, reason, parked_at)
select
    %(workspace_id)s,
    kept.id,
    %(reason)s,
    %(received_at)s
from kept
