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
    wait_until,
    wait_days,
    wait_trait,
    wait_offset,
    event_name,
    filter,
    condition,
    limit_after,
    yes_step,
    update_traits,
    journey_name,
    ending
)
select
    %(version_id)s,
    step.number,
    step.name,
    step.kind,
    step.next_step,
    step.template_id,
    step.expires_after,
    step.wait_for,
    step.wait_until,
    step.wait_days,
    step.wait_trait,
    step.wait_offset,
    step.event_name,
    step.filter,
    step.condition,
    step.limit_after,
    step.yes_step,
    step.update_traits,
    step.journey_name,
    step.ending
from
    jsonb_to_recordset(%(rows)s::jsonb)
        as step (
            number integer,
            name text,
            kind step_kind,
            next_step integer,
            template_id integer,
            expires_after interval,
            wait_for interval,
            wait_until time,
            wait_days integer[],
            wait_trait text,
            wait_offset interval,
            event_name text,
            filter jsonb,
            condition jsonb,
            limit_after interval,
            yes_step integer,
            update_traits jsonb,
            journey_name text,
            ending end_reason
        )
order by step.number
