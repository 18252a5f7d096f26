-- Note a run whose tables are done and whose lake is not.
-- Writes retention_run.
insert into retention_run (
    workspace_id, begun_at, cuts, flushed_by, flushed_to, counts
) values (
    %(workspace_id)s,
    %(now)s,
    %(cuts)s::jsonb,
    %(flushed_by)s::xid8,
    %(flushed_to)s,
    %(counts)s::jsonb
)
