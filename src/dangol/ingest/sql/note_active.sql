-- Note the heads to whose parts something happened in this tick.
-- Reads tick_event. Writes changed_head.
insert into changed_head (head_id)
select distinct tick_event.customer_id
from tick_event
where tick_event.part_id <> tick_event.customer_id
on conflict (head_id) do nothing
