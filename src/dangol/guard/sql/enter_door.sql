-- Enter the door: whoever has just said no waits until everybody who is in it has left.
-- Locks an advisory lock of the workspace, which all that pass the door share.
-- Locks of rows are not enough: who never said anything has no consent to be locked.
select pg_advisory_xact_lock_shared(hashtext('dangol door'), %(workspace_id)s)
