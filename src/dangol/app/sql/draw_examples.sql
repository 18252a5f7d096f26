-- Draw some of a version's enrollments, the same each time; of each way to end, some.
-- Reads enrollment. Writes nothing. Locks nothing.
with ranked as (
    select
        enrollment.id,
        enrollment.customer_id,
        row_number() over (
            partition by enrollment.state, enrollment.end_reason, enrollment.planned
            order by md5(enrollment.customer_id || ':' || enrollment.entry_key)
        ) as place,
        md5(enrollment.customer_id || ':' || enrollment.entry_key) as lot
    from enrollment
    where enrollment.version_id = %(version_id)s
)

select
    ranked.id,
    ranked.customer_id
from ranked
order by ranked.place, ranked.lot
limit %(most)s
