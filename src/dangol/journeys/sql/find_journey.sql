-- Find a journey by its name.
-- Reads journey. Writes nothing. Locks nothing.
select
    journey.id,
    journey.name,
    journey.title_ko,
    journey.title_en,
    journey.state,
    journey.version_id,
    journey.created_at
from journey
where journey.workspace_id = %(workspace_id)s and journey.name = %(name)s
