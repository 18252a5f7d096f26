-- Note which consents grow so old that their givers must be reminded, some customers at a time.
-- Reads consent, customer, workspace. Writes consent_notice. Locks nothing.
-- Returns the last customer that was looked at; null where nobody is left.
with looked_at as (
    select
        consent.customer_id,
        consent.channel,
        consent.entry_id,
        consent.state,
        coalesce(consent.confirmed_at, consent.since) as said_at
    from consent
    inner join customer on consent.customer_id = customer.id
    where
        consent.workspace_id = %(workspace_id)s
        and consent.purpose = 'marketing'
        and consent.customer_id > %(after)s
        and customer.state = 'active'
    order by consent.customer_id
    limit %(batch)s
),

place as (
    select
        known.country,
        known.law
    from unnest(%(countries)s::text[], %(laws)s::text[]) as known (country, law)
),

shop as (
    select coalesce(place.law, %(other_law)s::text) as law
    from workspace
    left join place on workspace.country = place.country
    where workspace.id = %(workspace_id)s
),

noted as (
    insert into consent_notice (
        workspace_id, customer_id, kind, entry_id, channel, action, said_at, due_at, ready_at
    )
    select
        %(workspace_id)s,
        looked_at.customer_id,
        'reminder',
        looked_at.entry_id,
        looked_at.channel,
        'grant',
        looked_at.said_at,
        (
            date_trunc('day', looked_at.said_at at time zone duty.zone)
            + make_interval(years => duty.years)
        ) at time zone duty.zone,
        %(now)s::timestamptz
    from looked_at
    cross join shop
    inner join customer on looked_at.customer_id = customer.id
    left join place on upper(customer.country) = place.country
    inner join
        unnest(
            %(reminder_laws)s::text[],
            %(reminder_channels)s::channel[],
            %(reminder_years)s::integer[],
            %(reminder_zones)s::text[],
            %(remind_before)s::timestamptz[]
        ) as duty (law, channel, years, zone, remind_before)
        on
            coalesce(place.law, shop.law) = duty.law
            and looked_at.channel = duty.channel
            and looked_at.said_at < duty.remind_before
    where looked_at.state = 'granted'
    on conflict do nothing
)

select max(looked_at.customer_id) as last_customer
from looked_at
