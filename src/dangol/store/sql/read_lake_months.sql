-- Read what the lake has to hold of each month, as it was counted when it was flushed.
-- Reads lake_month.
select
    month,
    events,
    digests
from lake_month
where workspace_id = %(workspace_id)s
