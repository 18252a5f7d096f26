-- Let nobody else name the installation before this transaction is over.
-- Locks the installation's name.
select pg_advisory_xact_lock(hashtext('dangol.installation'))
