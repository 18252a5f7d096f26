-- The workspace's notices and switches, and how far behind its tick is.
-- Reads installation, workspace, clock_shift, event_cursor, event.
with place as (
    select
        workspace.id as workspace_id,
        event_cursor.moved_at,
        coalesce(event_cursor.written_by, '0'::xid8) as written_by,
        coalesce(event_cursor.event_id, 0) as event_id
    from workspace
    left join event_cursor
        on workspace.id = event_cursor.workspace_id and event_cursor.reader = 'tick'
    where workspace.id = %(workspace_id)s
),

-- Enough to see that it lags; counting a flood to its end would only add to it.
ahead as (
    select event.received_at
    from place
    inner join event
        on
            place.workspace_id = event.workspace_id
            and (event.written_by, event.id) > (place.written_by, place.event_id)
    order by event.written_by, event.id
    limit 10000
),

waiting as (
    select
        count(*) as events_waiting,
        min(ahead.received_at) as oldest_waiting_at
    from ahead
)

select
    workspace.notice_ko,
    workspace.notice_en,
    (
        workspace.sending_paused
        or exists (
            select
            from installation
            where installation.paused_at is not null
        )
    ) as sending_paused,
    place.moved_at as last_tick_at,
    waiting.events_waiting,
    waiting.oldest_waiting_at,
    exists(select 1 from clock_shift) as simulated
from place
inner join workspace on place.workspace_id = workspace.id
cross join waiting
