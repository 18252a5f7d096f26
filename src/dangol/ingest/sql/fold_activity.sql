-- Count what each customer did, by event name.
-- Reads tick_event. Writes activity. Locks the activities it changes.
insert into activity (workspace_id, customer_id, event_name, first_at, last_at, count, revenue)
select
    %(workspace_id)s,
    tick_event.part_id,
    tick_event.name,
    min(tick_event.occurred_at),
    max(tick_event.occurred_at),
    count(*),
    coalesce(sum(tick_event.revenue), 0)
from tick_event
group by tick_event.part_id, tick_event.name
on conflict (customer_id, event_name) do update
    set
        first_at = least(activity.first_at, excluded.first_at),
        last_at = greatest(activity.last_at, excluded.last_at),
        count = activity.count + excluded.count,
        revenue = activity.revenue + excluded.revenue
