-- The shop's journeys, standing still; the one that is tried is published anew under its number.
-- Reads journey. Writes nothing. Locks nothing.
select
    journey.id,
    %(trial)s::integer as workspace_id,
    journey.name,
    journey.title_ko,
    journey.title_en,
    case
        when journey.name = %(journey)s then 'draft'::journey_state
        else 'stopped'::journey_state
    end as state,
    journey.priority,
    journey.created_at
from journey
where journey.workspace_id = %(workspace_id)s
