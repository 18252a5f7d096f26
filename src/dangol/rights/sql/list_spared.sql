-- List the events that the lake has taken since a run began and that its numbers would cover.
-- Reads retention_run, event.
select event.id
from retention_run
inner join event
    on
        retention_run.workspace_id = event.workspace_id
        and (event.written_by, event.id) > (retention_run.flushed_by, retention_run.flushed_to)
where
    retention_run.id = %(id)s
    and event.id <= %(up_to)s
    and event.occurred_at < %(before)s::timestamptz
    and event.name = any(%(event_names)s::text[])
order by event.id
