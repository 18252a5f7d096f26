-- Read which installation this database is, how far it has come, and whether anything may be sent.
-- Reads installation. Writes nothing. Locks nothing.
-- One row always: before the first start all of the installation's own is null.
select
    installation.identity,
    installation.epoch,
    installation.paused_at,
    installation.paused_because,
    coalesce(pg_sequence_last_value('delivery_id_seq'), 0) as delivery_id,
    (select system_identifier::text from pg_control_system())
    || '/'
    || (
        select oid::text
        from pg_database
        where datname = current_database()
    ) as place
from (values (true)) as always (only_row)
left join installation on always.only_row = installation.only_row
