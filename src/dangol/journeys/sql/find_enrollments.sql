-- Find a customer's enrollments in a journey, the latest first.
-- Reads enrollment, journey. Writes nothing. Locks nothing.
select enrollment.id
from enrollment
inner join journey on enrollment.journey_id = journey.id
where
    journey.workspace_id = %(workspace_id)s
    and journey.name = %(journey)s
    and enrollment.customer_id = %(customer_id)s
order by enrollment.id desc
