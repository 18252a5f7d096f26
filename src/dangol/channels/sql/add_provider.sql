-- Know a vendor.
-- Writes provider_state.
insert into provider_state (name)
values (%(name)s)
on conflict (name) do nothing
