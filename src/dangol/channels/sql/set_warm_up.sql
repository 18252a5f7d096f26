-- Begin a new sender's warm-up anew.
-- Writes provider_warm_up. Locks its row.
insert into provider_warm_up (provider, start_at, growth, goal)
values (%(provider)s, %(start)s, %(growth)s, %(goal)s)
on conflict (provider) do update
    set
        start_at = excluded.start_at,
        growth = excluded.growth,
        goal = excluded.goal,
        day = null,
        days_before = 0,
        taken = 0
