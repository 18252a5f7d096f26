-- Collect, for each filter about the hour or the day of the week, which events of this tick pass.
-- Reads tick_event, workspace.
select
    leaf.number,
    string_agg(int8send(tick_event.event_id), '') as event_ids
from
    jsonb_to_recordset(%(leaves)s::jsonb)
        as leaf (number integer, hours integer[], weekdays integer[])
inner join workspace on workspace.id = %(workspace_id)s
inner join tick_event
    on
        extract(hour from tick_event.occurred_at at time zone workspace.time_zone) = any(leaf.hours)
        and extract(isodow from tick_event.occurred_at at time zone workspace.time_zone)
        = any(leaf.weekdays)
group by leaf.number
