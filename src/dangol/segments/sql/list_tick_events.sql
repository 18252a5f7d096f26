-- List the events of this tick by their ids.
-- Reads tick_event.
select
    0 as number,
    string_agg(int8send(tick_event.event_id), '') as event_ids
from tick_event
