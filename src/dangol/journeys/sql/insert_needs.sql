-- Add the segments and lists that a version names.
-- Reads nothing. Writes journey_need. Locks nothing.
insert into journey_need (version_id, kind, name, asks_inside)
select
    %(version_id)s,
    need.kind,
    need.name,
    need.asks_inside
from jsonb_to_recordset(%(rows)s::jsonb) as need (
    kind text,
    name text,
    asks_inside boolean
)
