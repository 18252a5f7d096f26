-- Sum the events that acted and that a flush has taken, by the UTC day of their arrival and, in
-- it, by ranges of so many numbers.
-- Reads acted_inbox_event.
select
    (acted_inbox_event.received_at at time zone 'utc')::date as day,
    acted_inbox_event.event_id / %(span)s::bigint as part,
    count(*) as events,
    sum(acted_inbox_event.digest) as digests
from acted_inbox_event
where
    acted_inbox_event.workspace_id = %(workspace_id)s
    and acted_inbox_event.reader = %(reader)s
    and acted_inbox_event.received_at >= %(since)s
    and acted_inbox_event.received_at < %(until)s
    and acted_inbox_event.event_id between %(low)s and %(high)s
group by
    (acted_inbox_event.received_at at time zone 'utc')::date,
    acted_inbox_event.event_id / %(span)s::bigint
