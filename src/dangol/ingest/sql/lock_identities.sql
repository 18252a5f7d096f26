-- Wait until no tick moves this workspace, and let none begin until the transaction ends.
-- Locks the advisory lock that the tick takes.
select pg_advisory_xact_lock(hashtext('dangol tick'), %(workspace_id)s)
