-- Let these message ids never act again within seven days; imports and shops' orders never again.
-- Reads tick_event. Writes acted_event.
insert into acted_event (workspace_id, message_id, event_id, customer_id, keep_until)
select
    %(workspace_id)s,
    tick_event.message_id,
    tick_event.event_id,
    tick_event.part_id,
    case when not tick_event.keep_for_ever then tick_event.received_at + interval '7 days' end
from tick_event
