-- Merge the traits of this tick's events into their customers: of each trait the last said holds.
-- Reads tick_event. Writes customer. Locks the customers it changes.
with said as (
    select distinct on (tick_event.customer_id, trait.key)
        tick_event.customer_id,
        trait.key,
        trait.value,
        extract(epoch from tick_event.occurred_at) as said_at
    from tick_event
    cross join lateral jsonb_each(tick_event.traits) as trait
    where tick_event.traits <> '{}'
    order by
        tick_event.customer_id,
        trait.key,
        tick_event.occurred_at desc,
        tick_event.event_id desc
),

fresh as (
    select
        said.customer_id,
        jsonb_object_agg(said.key, said.value) as traits,
        jsonb_object_agg(said.key, said.said_at) as traits_at
    from said
    inner join customer on said.customer_id = customer.id
    where
        customer.state = 'active'
        and said.said_at >= coalesce((customer.traits_at ->> said.key)::numeric, 0)
    group by said.customer_id
)

update customer
set
    traits = customer.traits || fresh.traits,
    traits_at = customer.traits_at || fresh.traits_at,
    locale = coalesce(left(fresh.traits ->> 'locale', 35), customer.locale),
    country = coalesce(
        left(fresh.traits ->> 'country', 60),
        left(fresh.traits #>> '{address,country}', 60),
        customer.country
    ),
    time_zone = case
        when is_time_zone(fresh.traits ->> 'timezone') then fresh.traits ->> 'timezone'
        else customer.time_zone
    end
from fresh
where customer.id = fresh.customer_id
