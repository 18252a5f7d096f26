-- Note which words of the ledger their customers must be told the result of, some at a time.
-- Reads consent_entry, customer, workspace. Writes untold_entry, consent_notice.
-- Locks what it takes.
-- What was said longer ago than a notice may take is history that somebody has brought along.
with untold as (
    select untold_entry.entry_id
    from untold_entry
    where untold_entry.workspace_id = %(workspace_id)s
    order by untold_entry.entry_id
    limit %(batch)s
    for update skip locked
),

taken as (
    delete from untold_entry
    using untold
    where
        untold_entry.workspace_id = %(workspace_id)s
        and untold_entry.entry_id = untold.entry_id
    returning untold_entry.entry_id
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
        consent_entry.workspace_id,
        consent_entry.customer_id,
        'result',
        consent_entry.id,
        consent_entry.channel,
        consent_entry.action,
        consent_entry.occurred_at,
        consent_entry.occurred_at + duty.within,
        -- Whoever changes their mind at once is told once.
        consent_entry.recorded_at + %(patience)s::interval
    from taken
    cross join shop
    inner join consent_entry on taken.entry_id = consent_entry.id
    inner join customer on consent_entry.customer_id = customer.id
    left join place on upper(customer.country) = place.country
    inner join
        unnest(
            %(result_laws)s::text[],
            %(result_channels)s::channel[],
            %(result_actions)s::consent_action[],
            %(result_within)s::interval[]
        ) as duty (law, channel, action, within)
        on
            coalesce(place.law, shop.law) = duty.law
            and consent_entry.channel = duty.channel
            and consent_entry.action = duty.action
    where
        customer.state <> 'erased'
        and consent_entry.occurred_at > consent_entry.recorded_at - duty.within
    order by taken.entry_id
    on conflict do nothing
)

select count(*) as entries
from taken
