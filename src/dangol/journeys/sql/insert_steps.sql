-- Add the steps of a version.
-- Reads nothing. Writes journey_step. Locks nothing.
insert into journey_step (
    version_id,
    number,
    name,
    kind,
    next_step,
    template_id,
    expires_after,
    wait_for,
    event_name,
    yes_step,
    ending
)
select
    %(version_id)s,
    step.number,
    step.name,
    step.kind,
    step.next_step,
    step.template_id,
    make_interval(secs => step.expires_seconds),
    make_interval(secs => step.wait_seconds),
    step.event_name,
    step.yes_step,
    step.ending
from jsonb_to_recordset(%(steps)s::jsonb) as step (
    number integer,
    name text,
    kind step_kind,
    next_step integer,
    template_id integer,
    expires_seconds double precision,
    wait_seconds double precision,
    event_name text,
    yes_step integer,
    ending end_reason
)
