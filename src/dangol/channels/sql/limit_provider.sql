-- Say how many messages a second a vendor gets at most.
-- Writes provider_state. Locks its row.
insert into provider_state (name, per_second)
values (%(name)s, %(per_second)s)
on conflict (name) do update set per_second = excluded.per_second
