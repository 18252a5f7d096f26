-- Say of each changed head what its parts say: of each trait, the last that any was told.
-- Reads changed_head, customer. Writes customer. Locks the heads.
with part as (
    select
        customer.head_id,
        customer.traits,
        customer.traits_at,
        customer.first_seen_at,
        customer.last_seen_at
    from changed_head
    inner join customer on changed_head.head_id = customer.head_id
    -- Who has a part that keeps what they did has nothing of their own any more.
    where not exists (
        select 1
        from customer as kept
        where kept.keeps_id = customer.id
    )
),

said as (
    select distinct on (part.head_id, trait.key)
        part.head_id,
        trait.key,
        trait.value,
        part.traits_at -> trait.key as said_at
    from part
    cross join lateral jsonb_each(part.traits) as trait
    order by
        part.head_id,
        trait.key,
        (part.traits_at ->> trait.key)::numeric desc nulls last,
        trait.value desc
),

told as (
    select
        said.head_id,
        jsonb_object_agg(said.key, said.value) as traits,
        jsonb_object_agg(said.key, said.said_at) filter (where said.said_at is not null)
            as traits_at
    from said
    group by said.head_id
),

seen as (
    select
        part.head_id,
        min(part.first_seen_at) as first_seen_at,
        max(part.last_seen_at) as last_seen_at
    from part
    group by part.head_id
)

update customer
set
    first_seen_at = seen.first_seen_at,
    last_seen_at = seen.last_seen_at,
    traits = coalesce(told.traits, '{}'),
    traits_at = coalesce(told.traits_at, '{}')
from seen
left join told on seen.head_id = told.head_id
where customer.id = seen.head_id and customer.state <> 'erased'
