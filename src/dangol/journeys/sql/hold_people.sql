-- Let no tick move the workspace's people until this transaction ends; one that does goes first.
-- Locks an advisory lock of the workspace, which ticks share among themselves.
select pg_advisory_xact_lock(hashtext('dangol journeys'), %(workspace_id)s)
