-- Note that a master key is in use from now on; one that is noted stays as it is.
-- Writes master_key.
insert into master_key (version, proof, added_at)
values (%(version)s, %(proof)s, %(now)s)
on conflict (version) do nothing
