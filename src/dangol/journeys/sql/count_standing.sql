-- Count who stands where in a journey.
-- Reads enrollment. Writes nothing. Locks nothing.
select
    enrollment.version_id,
    enrollment.step_number,
    enrollment.state,
    count(*) as customers
from enrollment
where
    enrollment.journey_id = %(journey_id)s
    and enrollment.state in ('active', 'waiting', 'parked')
group by enrollment.version_id, enrollment.step_number, enrollment.state
order by enrollment.version_id, enrollment.step_number, enrollment.state
