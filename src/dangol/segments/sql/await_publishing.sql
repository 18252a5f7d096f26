-- Let nobody publish a journey of the workspace until this transaction ends; who does goes first.
-- Locks the advisory lock of journeys/sql/hold_people.sql, which ticks and this share.
select pg_advisory_xact_lock_shared(hashtext('dangol journeys'), %(workspace_id)s)
