-- The journeys a customer is in, or was.
-- Reads enrollment, journey.
select
    enrollment.id,
    journey.title_ko,
    journey.title_en,
    enrollment.state,
    enrollment.entered_at,
    enrollment.wake_at,
    enrollment.ended_at,
    enrollment.end_reason
from enrollment
inner join journey on enrollment.journey_id = journey.id
where
    enrollment.workspace_id = %(workspace_id)s
    and enrollment.customer_id = %(customer_id)s
order by enrollment.entered_at desc, enrollment.id desc
limit 50
