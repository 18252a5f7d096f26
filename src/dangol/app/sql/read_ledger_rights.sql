-- Say what the role we are may do to the ledger: everything, give itself the right, or only add.
-- Reads the catalogue.
select
    (
        select role.rolsuper
        from pg_roles as role
        where role.rolname = current_user
    ),
    bool_or(pg_has_role(current_user, ledger.relowner, 'member')),
    bool_or(has_table_privilege(ledger.oid, 'update, delete, truncate')),
    bool_and(
        exists (
            select
            from pg_trigger as guard
            where
                guard.tgrelid = ledger.oid
                and guard.tgname = ledger.relname || '_is_append_only'
                and guard.tgenabled <> 'D'
        )
    )
from pg_class as ledger
where ledger.oid in ('consent_entry'::regclass, 'consent_link'::regclass)
