-- List the workspaces that have periods of keeping, with the end of their last run.
-- Reads workspace, collection_purpose, retention_run.
select
    workspace.name,
    min(purpose.created_at) as since,
    (
        select max(retention_run.finished_at)
        from retention_run
        where retention_run.workspace_id = workspace.id
    ) as last_at
from workspace
inner join collection_purpose as purpose on workspace.id = purpose.workspace_id
where
    purpose.active
    and (purpose.keep_events_days is not null or purpose.keep_traits_days is not null)
group by workspace.id
order by workspace.id
