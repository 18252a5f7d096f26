-- Read the journeys a customer is in, or was.
-- Reads enrollment, journey.
select
    journey.title_ko as journey_ko,
    journey.title_en as journey_en,
    enrollment.state,
    enrollment.entered_at,
    enrollment.ended_at,
    enrollment.end_reason
from enrollment
inner join journey on enrollment.journey_id = journey.id
where
    enrollment.workspace_id = %(workspace_id)s
    and enrollment.customer_id = %(customer_id)s
order by enrollment.entered_at, enrollment.id
