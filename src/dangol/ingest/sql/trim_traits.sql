-- Take the traits that go beyond the limits out of this tick's events, and count them.
-- Reads customer, trait_type. Writes tick_event, trait_surplus.
with said as (
    select
        tick_event.event_id,
        tick_event.customer_id,
        tick_event.occurred_at,
        trait.key,
        length(trait.key) > %(longest_name)s
        or pg_column_size(trait.value) > %(longest_value)s as is_long
    from tick_event
    cross join lateral jsonb_each(tick_event.traits) as trait
    where tick_event.traits <> '{}'
),

-- Names that the workspace has not seen yet, the first said first.
unknown as (
    select
        said.key,
        row_number() over (order by min(said.event_id), said.key) + (
            select count(distinct trait_type.name)
            from trait_type
            where
                trait_type.workspace_id = %(workspace_id)s
                and trait_type.event_name = ''
        ) as place
    from said
    where
        not said.is_long
        and not exists (
            select from trait_type
            where
                trait_type.workspace_id = %(workspace_id)s
                and trait_type.event_name = ''
                and trait_type.name = said.key
        )
    group by said.key
),

-- Names that are new for their customer, behind those the customer has.
added as (
    select
        fresh.customer_id,
        fresh.key,
        row_number() over (partition by fresh.customer_id order by fresh.key) + (
            select count(*)
            from jsonb_object_keys(held.traits)
        ) as place
    from (
        select distinct
            said.customer_id,
            said.key
        from said
        where not said.is_long
    ) as fresh
    -- One look-up for each, however many customers there are: the planner guesses far too many.
    cross join
        lateral (
            select customer.traits
            from customer
            where customer.id = fresh.customer_id
            order by customer.id
            limit 1
        ) as held
    where (held.traits -> fresh.key) is null
),

surplus as (
    select
        said.event_id,
        said.key,
        said.occurred_at,
        case
            when said.is_long then 'too_long'
            when unknown.place > %(most_names)s then 'too_many_names'
            else 'too_many_traits'
        end::surplus_reason as reason
    from said
    left join unknown on said.key = unknown.key
    left join added on said.customer_id = added.customer_id and said.key = added.key
    where
        said.is_long
        or unknown.place > %(most_names)s
        or added.place > %(most_traits)s
),

counted as (
    insert into trait_surplus (workspace_id, event_name, reason, count, last_seen_at)
    select
        %(workspace_id)s,
        '',
        surplus.reason,
        count(*),
        max(surplus.occurred_at)
    from surplus
    group by surplus.reason
    on conflict (workspace_id, event_name, reason) do update
        set
            count = trait_surplus.count + excluded.count,
            last_seen_at = greatest(trait_surplus.last_seen_at, excluded.last_seen_at)
),

trimmed as (
    select
        surplus.event_id,
        array_agg(surplus.key) as keys
    from surplus
    group by surplus.event_id
)

update tick_event
set traits = tick_event.traits - trimmed.keys
from trimmed
where tick_event.event_id = trimmed.event_id
