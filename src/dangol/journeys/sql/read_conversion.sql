-- Read when and by what an enrollment reached its goal.
-- Reads conversion. Writes nothing. Locks nothing.
select
    conversion.occurred_at,
    conversion.message_id,
    conversion.revenue,
    conversion.currency
from conversion
where
    conversion.workspace_id = %(workspace_id)s
    and conversion.enrollment_id = %(enrollment_id)s
