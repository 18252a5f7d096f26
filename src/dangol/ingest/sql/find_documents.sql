-- Do this tick's events tell anything of people, or of what happened?
-- Reads tick_event.
select
    coalesce(bool_or(tick_event.traits <> '{}'), false) as traits,
    coalesce(bool_or(tick_event.properties <> '{}'), false) as properties
from tick_event
