-- Let the conversions of enrollments that moved follow them.
-- Reads crossing, enrollment. Writes conversion. Locks the rows it moves.
update conversion
set customer_id = enrollment.customer_id
from crossing
inner join enrollment on crossing.id = enrollment.id
where
    crossing.what = 'enrollment'
    and conversion.enrollment_id = enrollment.id
    and conversion.customer_id <> enrollment.customer_id
