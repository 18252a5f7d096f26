-- Note those of the shop's next customers whose day has come by their clocks; tell how far that is.
-- Reads customer, journey_version, workspace. Writes entrant.
-- The days that may be meant come as texts, so that hardly anybody's moment is worked out. Somebody
-- born on 29 February celebrates on 28 February in other years. A zone nobody knows is the shop's.
with next as materialized (
    select
        customer.id as customer_id,
        customer.traits #> string_to_array(journey_version.entry_trait, '.') as document,
        case
            when journey_version.zone_rule = 'customer' and customer.time_zone <> ''
                then customer.time_zone
            else workspace.time_zone
        end as zone,
        workspace.time_zone as shop_zone
    from journey_version
    inner join workspace on journey_version.workspace_id = workspace.id
    inner join customer on workspace.id = customer.workspace_id
    where
        journey_version.id = %(version_id)s
        and customer.id > %(after_customer)s
        and customer.state = 'active'
    order by customer.id
    limit %(batch)s
),

meant as materialized (
    select
        next.customer_id,
        next.document #>> '{}' as written,
        next.zone,
        next.shop_zone
    from next
    where
        jsonb_typeof(next.document) = 'string'
        and (
            substr(next.document #>> '{}', 6, 5) = any(%(days)s::text[])
            or substr(next.document #>> '{}', 1, 10) = any(%(days)s::text[])
        )
),

lived_in as (
    select distinct
        meant.zone,
        meant.shop_zone
    from meant
),

zone as materialized (
    select
        lived_in.zone,
        case when is_time_zone(lived_in.zone) then lived_in.zone else lived_in.shop_zone end
            as name
    from lived_in
),

named as (
    select
        meant.customer_id,
        zone.name as zone,
        named_day(meant.written, zone.name) as day
    from meant
    inner join zone on meant.zone = zone.zone
),

celebrated as (
    select
        named.customer_id,
        named.zone,
        case
            when journey_version.entry_yearly
                then
                    named.day
                    + make_interval(years => year.number - date_part('year', named.day)::integer)
            else named.day
        end as day
    from named
    inner join journey_version on journey_version.id = %(version_id)s
    inner join unnest(%(years)s::integer[]) as year (number)
        on journey_version.entry_yearly or year.number = date_part('year', named.day)
    where named.day is not null
),

timed as (
    select
        celebrated.customer_id,
        celebrated.day::date as day,
        local_moment(
            celebrated.day + journey_version.entry_offset + journey_version.entry_at,
            celebrated.zone
        ) as moment
    from celebrated
    inner join journey_version on journey_version.id = %(version_id)s
),

admitted as (
    insert into entrant (
        journey_id, version_id, customer_id, entry_key, occurred_at, event_id
    )
    select
        %(journey_id)s,
        %(version_id)s,
        timed.customer_id,
        'date:' || timed.day,
        timed.moment,
        0
    from timed
    where timed.moment > %(since)s::timestamptz and timed.moment <= %(now)s::timestamptz
)

select
    count(*) as customers,
    max(next.customer_id) as last_customer
from next
