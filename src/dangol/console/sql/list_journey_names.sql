-- List the journeys by name.
-- Reads journey.
select
    journey.name,
    journey.title_ko,
    journey.title_en
from journey
where journey.workspace_id = %(workspace_id)s
order by journey.name
