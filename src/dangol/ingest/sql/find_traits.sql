-- Do this tick's events tell anything of people?
-- Reads tick_event.
select tick_event.event_id
from tick_event
where tick_event.traits <> '{}'
order by tick_event.event_id
limit 1
