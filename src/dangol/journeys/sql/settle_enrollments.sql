-- Write each moved enrollment back, once, with the steps it came to; count how they came to rest.
-- Reads rested. Writes enrollment. Locks the enrollments it writes, which were taken before.
with settled as (
    update enrollment
    set
        state = rested.state,
        step_number = rested.step_number,
        planned = rested.planned,
        wake_at = rested.wake_at,
        waits_since = rested.waits_since,
        end_reason = rested.end_reason,
        ended_at = case when rested.state = 'ended' then %(now)s::timestamptz end,
        parked_because = rested.parked_because,
        trail = (
            enrollment.trail || rested.trail
        )[cardinality(enrollment.trail) + cardinality(rested.trail) - %(longest)s + 1:],
        trail_at = (
            enrollment.trail_at
            || array_fill(%(now)s::timestamptz, array[cardinality(rested.trail)])
        )[cardinality(enrollment.trail) + cardinality(rested.trail) - %(longest)s + 1:]
    from rested
    where enrollment.id = rested.enrollment_id
    returning enrollment.state
)

select
    count(*) as moved,
    count(*) filter (where settled.state = 'ended') as ended,
    count(*) filter (where settled.state = 'parked') as parked
from settled
