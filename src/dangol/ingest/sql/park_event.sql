-- Set aside the one event whose own content makes the tick fail, with the database's words.
-- Reads arrival. Writes parked_event.
insert into parked_event (workspace_id, event_id, reason, parked_at)
select
    %(workspace_id)s,
    arrival.event_id,
    %(reason)s,
    %(now)s::timestamptz
from arrival
on conflict (workspace_id, event_id) do nothing
