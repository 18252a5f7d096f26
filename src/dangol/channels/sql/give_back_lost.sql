-- Give back to new senders' days what lost workers had claimed on them and did not begin.
-- Reads delivery. Writes provider_warm_up. Locks its rows, by name.
with lost as (
    select
        delivery.provider,
        (delivery.claimed_at at time zone %(zone)s::text)::date as day,
        count(*) as number
    from delivery
    where delivery.id = any(%(delivery_ids)s::bigint[]) and delivery.state = 'released'
    group by delivery.provider, day
),

held as materialized (
    select
        provider_warm_up.provider,
        lost.number
    from lost
    inner join
        provider_warm_up
        on lost.provider = provider_warm_up.provider and lost.day = provider_warm_up.day
    order by provider_warm_up.provider
    for update of provider_warm_up
)

update provider_warm_up
set taken = greatest(0, provider_warm_up.taken - held.number)
from held
where provider_warm_up.provider = held.provider
