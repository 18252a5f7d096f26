-- Sum the events that acted and that a flush has taken, by the UTC day of their arrival and, in
-- it, by ranges of so many numbers.
-- Looks each event up by itself, as read_planned_events does.
-- Reads event_cursor, event, acted_event.
select
    (event.received_at at time zone 'utc')::date as day,
    event.id / %(span)s::bigint as part,
    count(*) as events,
    sum(digest_event(event, acted.customer_id)) as digests
from event_cursor as reached
inner join event
    on
        reached.workspace_id = event.workspace_id
        and (event.written_by, event.id) <= (reached.written_by, reached.event_id)
cross join
    lateral (
        select acted_event.customer_id
        from acted_event
        where acted_event.workspace_id = event.workspace_id and acted_event.event_id = event.id
        order by acted_event.event_id
        limit 1
    ) as acted
where
    reached.workspace_id = %(workspace_id)s
    and reached.reader = %(reader)s
    and event.received_at >= %(since)s
    and event.received_at < %(until)s
    and event.id between %(low)s and %(high)s
group by
    (event.received_at at time zone 'utc')::date,
    event.id / %(span)s::bigint
