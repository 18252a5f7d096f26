-- List the workspaces whose run is not finished, or where it is past two and none began today.
-- Reads workspace, retention_run.
select workspace.id
from workspace
where
    exists (
        select
        from retention_run
        where retention_run.workspace_id = workspace.id and retention_run.finished_at is null
    )
    or (
        extract(hour from %(now)s::timestamptz at time zone workspace.time_zone) >= 2
        and not exists (
            select
            from retention_run
            where
                retention_run.workspace_id = workspace.id
                and (retention_run.begun_at at time zone workspace.time_zone)::date
                >= (%(now)s::timestamptz at time zone workspace.time_zone)::date
        )
    )
order by workspace.id
