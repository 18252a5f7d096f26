-- Note that nothing is sealed any more under the master keys before this one.
-- Writes master_key. Locks the keys it changes.
update master_key
set dropped_at = %(now)s
where master_key.version < %(version)s and master_key.dropped_at is null
