-- Keep the journeys as they are while their people move: whoever changes one waits.
-- Locks an advisory lock of the workspace, which others may share.
-- Not the journeys themselves: a thousand row locks are a thousand writes, every second.
select pg_advisory_xact_lock_shared(hashtext('dangol journeys'), %(workspace_id)s)
