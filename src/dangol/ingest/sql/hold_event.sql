-- Keep an event until its platform says whose order, checkout or cart it is about.
-- Writes shop_waiting.
insert into shop_waiting (connection_id, reference, message_id, event, received_at)
values (
    %(connection_id)s, %(reference)s, %(message_id)s, %(event)s, %(now)s::timestamptz
)
on conflict (connection_id, reference, message_id) do nothing
