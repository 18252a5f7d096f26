-- Join the external ids that an alias connects, and whatever a member of the team put together.
-- Reads touched, identifier, customer, identity_link. Writes placed, identifier.
-- Their head is the external id that was a customer first.
with recursive edge as materialized (
    select
        case link.source when 'alias' then 'external' else link.from_kind end as from_kind,
        link.from_key,
        link.to_kind,
        link.to_key,
        link.source,
        link.occurred_at
    from touched
    inner join identity_link as link
        on
            link.workspace_id = %(workspace_id)s
            and touched.kind = link.to_kind
            and touched.key = link.to_key
    where link.source <> 'event' and link.undone_at is null
),

way as materialized (
    select
        edge.from_kind,
        edge.from_key,
        edge.to_kind,
        edge.to_key,
        edge.source,
        edge.occurred_at
    from edge
    union all
    select
        edge.to_kind,
        edge.to_key,
        edge.from_kind,
        edge.from_key,
        edge.source,
        edge.occurred_at
    from edge
),

account as materialized (
    select
        identifier.kind,
        identifier.key,
        coalesce(part.keeps_id, part.id) as person_id
    from touched
    inner join identifier
        on
            identifier.workspace_id = %(workspace_id)s
            and touched.kind = identifier.kind
            and touched.key = identifier.key
    inner join customer as part
        on coalesce(identifier.part_id, identifier.customer_id) = part.id
    where
        identifier.acts
        and part.state <> 'erased'
        and (
            identifier.kind = 'external'
            or exists (
                select 1
                from way
                where
                    way.from_kind = identifier.kind
                    and way.from_key = identifier.key
                    and way.source = 'manual'
            )
        )
),

connected as (
    select
        account.kind,
        account.key,
        account.kind as other_kind,
        account.key as other_key
    from account
    union
    select
        connected.kind,
        connected.key,
        account.kind as other_kind,
        account.key as other_key
    from connected
    inner join way
        on connected.other_kind = way.from_kind and connected.other_key = way.from_key
    inner join account on way.to_kind = account.kind and way.to_key = account.key
),

joined as (
    select
        connected.kind,
        connected.key,
        (array_agg(other.person_id order by other.kind, other.person_id))[1] as head_id
    from connected
    inner join account as other
        on connected.other_kind = other.kind and connected.other_key = other.key
    group by connected.kind, connected.key
),

dated as (
    select
        connected.kind,
        connected.key,
        max(way.occurred_at) as joined_at,
        max(way.source) filter (
            where
            connected.other_kind = connected.kind and connected.other_key = connected.key
        ) as source
    from connected
    inner join way
        on connected.other_kind = way.from_kind and connected.other_key = way.from_key
    inner join account on way.to_kind = account.kind and way.to_key = account.key
    group by connected.kind, connected.key
),

put as (
    insert into placed (kind, key, head_id, joined_at, source)
    select
        joined.kind,
        joined.key,
        joined.head_id,
        dated.joined_at,
        dated.source
    from joined
    left join dated on joined.kind = dated.kind and joined.key = dated.key
    returning kind, key, head_id
)

update identifier
set
    customer_id = put.head_id,
    part_id = coalesce(identifier.part_id, identifier.customer_id)
from put
where
    identifier.workspace_id = %(workspace_id)s
    and identifier.kind = put.kind
    and identifier.key = put.key
