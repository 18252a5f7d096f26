-- Read the master keys this database is or was sealed under, oldest first.
-- Reads master_key.
select
    master_key.version,
    master_key.proof,
    master_key.added_at,
    master_key.dropped_at
from master_key
order by master_key.version
