-- Write the event that lets a customer into a journey.
-- Writes event. Locks nothing.
insert into event (
    workspace_id, received_at, occurred_at, type, name, message_id, customer_id, properties
)
values (
    %(workspace_id)s,
    %(now)s,
    %(now)s,
    'track',
    %(name)s,
    %(message_id)s,
    %(customer_id)s,
    %(properties)s::jsonb
)
