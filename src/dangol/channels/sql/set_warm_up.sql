-- Begin a new sender's warm-up, on its first day or where it stood.
-- Writes provider_warm_up. Locks its row.
insert into provider_warm_up (provider, start_at, growth, goal, day, days_before, taken)
values (
    %(provider)s, %(start)s, %(growth)s, %(goal)s, %(day)s::date, %(days_before)s, %(taken)s
)
on conflict (provider) do update
    set
        start_at = excluded.start_at,
        growth = excluded.growth,
        goal = excluded.goal,
        day = excluded.day,
        days_before = excluded.days_before,
        taken = excluded.taken
