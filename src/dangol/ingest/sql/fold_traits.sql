-- Merge the traits of this tick's events into their customers: of each trait the last said holds.
-- Reads tick_event. Writes customer. Locks the customers it changes.
-- Of two values said at the same moment the greater holds, whichever comes in first. Language,
-- country and time zone are read from the traits that hold, so that no order changes them either.
with said as (
    select distinct on (tick_event.part_id, trait.key)
        tick_event.part_id as customer_id,
        trait.key,
        trait.value,
        extract(epoch from tick_event.occurred_at) as said_at
    from tick_event
    cross join lateral jsonb_each(tick_event.traits) as trait
    where tick_event.traits <> '{}'
    order by
        tick_event.part_id,
        trait.key,
        tick_event.occurred_at desc,
        trait.value desc
),

fresh as (
    select
        said.customer_id,
        jsonb_object_agg(said.key, said.value) as traits,
        jsonb_object_agg(said.key, said.said_at) as traits_at
    from said
    inner join customer on said.customer_id = customer.id
    where
        customer.state <> 'erased'
        and (
            said.said_at > coalesce((customer.traits_at ->> said.key)::numeric, 0)
            or (
                said.said_at = (customer.traits_at ->> said.key)::numeric
                and said.value > customer.traits -> said.key
            )
        )
    group by said.customer_id
),

held as (
    select
        fresh.customer_id,
        customer.traits || fresh.traits as traits,
        customer.traits_at || fresh.traits_at as traits_at
    from fresh
    inner join customer on fresh.customer_id = customer.id
)

update customer
set
    traits = held.traits,
    traits_at = held.traits_at,
    locale = case
        when held.traits ? 'locale' then left(held.traits ->> 'locale', 35)
        else customer.locale
    end,
    country = coalesce(
        left(held.traits ->> 'country', 60),
        left(held.traits #>> '{address,country}', 60),
        customer.country
    ),
    time_zone = case
        when not held.traits ? 'timezone' then customer.time_zone
        when is_time_zone(held.traits ->> 'timezone') then held.traits ->> 'timezone'
    end
from held
where customer.id = held.customer_id
