-- Wait until everybody has left the door who may have entered it before a refusal was committed.
-- Locks the advisory lock of guard/sql/enter_door.sql, alone, for a moment.
select pg_advisory_xact_lock(hashtext('dangol door'), %(workspace_id)s)
