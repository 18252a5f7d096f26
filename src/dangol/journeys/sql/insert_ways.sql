-- Add the ways out of a version's branches and splits.
-- Reads nothing. Writes journey_way. Locks nothing.
insert into journey_way (
    version_id, number, position, condition, share_from, share_to, to_step
)
select
    %(version_id)s,
    way.number,
    way.position,
    way.condition,
    way.share_from,
    way.share_to,
    way.to_step
from jsonb_to_recordset(%(rows)s::jsonb) as way (
    number integer,
    position integer,
    condition jsonb,
    share_from integer,
    share_to integer,
    to_step integer
)
