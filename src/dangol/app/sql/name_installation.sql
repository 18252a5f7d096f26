-- Say which installation this database is from now on, and let it send.
-- Writes installation. Locks its row.
insert into installation (identity)
values (%(identity)s)
on conflict (only_row) do update
    set
        identity = excluded.identity,
        epoch = installation.epoch + 1,
        paused_at = null,
        paused_because = null
