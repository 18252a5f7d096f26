-- Add the rungs of a version's ladders.
-- Reads nothing. Writes journey_rung. Locks nothing.
insert into journey_rung (version_id, step_number, rung, template_id)
select
    %(version_id)s,
    ladder.step_number,
    ladder.rung,
    ladder.template_id
from jsonb_to_recordset(%(rows)s::jsonb) as ladder (
    step_number integer,
    rung integer,
    template_id integer
)
