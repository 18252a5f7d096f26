-- Keep what a turn took of a new sender's day.
-- Writes provider_warm_up. Locks its row.
update provider_warm_up
set day = %(day)s::date, days_before = %(days_before)s, taken = %(taken)s
where provider = %(provider)s
