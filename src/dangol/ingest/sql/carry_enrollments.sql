-- Let the enrollments of those who move follow them.
-- Reads crossing, enrollment. Writes enrollment. Locks the enrollments it moves.
-- Where the head was enrolled by the very same event, the second stays behind.
with fitting as (
    select distinct on (crossing.to_id, enrollment.journey_id, enrollment.entry_key)
        enrollment.id,
        crossing.to_id
    from crossing
    inner join enrollment on crossing.id = enrollment.id
    where
        crossing.what = 'enrollment'
        and not exists (
            select 1
            from enrollment as rival
            where
                rival.customer_id = crossing.to_id
                and rival.journey_id = enrollment.journey_id
                and rival.entry_key = enrollment.entry_key
        )
    order by
        crossing.to_id, enrollment.journey_id, enrollment.entry_key, enrollment.id
)

update enrollment
set customer_id = fitting.to_id
from fitting
where enrollment.id = fitting.id
