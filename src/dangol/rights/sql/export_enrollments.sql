-- Read the journeys a customer is in, or was, and what came of them.
-- Reads enrollment, journey, conversion.
select
    journey.title_ko as journey_ko,
    journey.title_en as journey_en,
    enrollment.state,
    enrollment.entered_at,
    enrollment.entry_properties,
    enrollment.ended_at,
    enrollment.end_reason,
    conversion.occurred_at as goal_reached_at,
    conversion.revenue as goal_revenue
from enrollment
inner join journey on enrollment.journey_id = journey.id
left join conversion on enrollment.id = conversion.enrollment_id
where
    enrollment.workspace_id = %(workspace_id)s
    and enrollment.customer_id = %(customer_id)s
order by enrollment.entered_at, enrollment.id
