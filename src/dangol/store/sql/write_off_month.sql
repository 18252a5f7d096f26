-- Owe so much less of a month, because it is erased from the lake.
-- Reads lake_month. Writes lake_month. Locks the workspace's month.
update lake_month
set
    events = events - %(events)s,
    digests = digests - %(digests)s
where workspace_id = %(workspace_id)s and month = %(month)s
