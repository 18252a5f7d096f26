-- Give back to a new sender's day what was claimed and did not leave.
-- Writes provider_warm_up. Locks its row.
update provider_warm_up
set taken = greatest(0, taken - %(number)s::integer)
where provider = %(provider)s and day = %(day)s::date
