-- Note that the lake has to hold so many more events of a month.
-- Reads lake_month. Writes lake_month. Locks the workspace's month.
insert into lake_month as held (workspace_id, month, events, digests)
values (%(workspace_id)s, %(month)s, %(events)s, %(digests)s)
on conflict (workspace_id, month) do update
    set
        events = held.events + excluded.events,
        digests = held.digests + excluded.digests
