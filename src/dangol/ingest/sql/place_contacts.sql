-- Let each e-mail address or phone number lead to the one person who gave it, else to itself.
-- Reads touched, placed, identifier, customer, identity_link. Writes placed, identifier.
-- Looked at are those touched, and those that anybody gave who was placed anew. Known people
-- count before mere visitors; what two of them gave is shared and identifies nobody.
with asked as (
    select
        touched.kind,
        touched.key
    from touched
    where touched.kind = %(kind)s::identifier_kind
    union
    select
        link.from_kind,
        link.from_key
    from placed
    inner join identity_link as link
        on
            link.workspace_id = %(workspace_id)s
            and placed.kind = link.to_kind
            and placed.key = link.to_key
    where link.from_kind = %(kind)s::identifier_kind
),

contact as materialized (
    select
        identifier.kind,
        identifier.key,
        coalesce(part.keeps_id, part.id) as person_id
    from asked
    inner join identifier
        on
            identifier.workspace_id = %(workspace_id)s
            and asked.kind = identifier.kind
            and asked.key = identifier.key
    left join customer as part
        on identifier.acts and coalesce(identifier.part_id, identifier.customer_id) = part.id
    where
        part.state is distinct from 'erased'
        and not exists (
            select 1
            from placed
            where placed.kind = asked.kind and placed.key = asked.key
        )
),

claim as (
    select
        contact.kind,
        contact.key,
        claimant.customer_id as head_id,
        min(
            greatest(
                link.occurred_at,
                case when newly.kind is null then part.joined_at else newly.joined_at end
            )
        ) as joined_at,
        exists(
            select 1
            from identifier as account
            where account.customer_id = claimant.customer_id and account.kind = 'external'
        ) as known
    from contact
    inner join identity_link as link
        on
            link.workspace_id = %(workspace_id)s
            and contact.kind = link.from_kind
            and contact.key = link.from_key
    inner join identifier as claimant
        on
            link.workspace_id = claimant.workspace_id
            and link.to_kind = claimant.kind
            and link.to_key = claimant.key
    inner join customer on claimant.customer_id = customer.id
    inner join customer as part
        on coalesce(claimant.part_id, claimant.customer_id) = part.id
    left join placed as newly on claimant.kind = newly.kind and claimant.key = newly.key
    where link.undone_at is null and customer.state <> 'erased'
    group by contact.kind, contact.key, claimant.customer_id
),

weighed as (
    select
        claim.*,
        rank() over (partition by claim.kind, claim.key order by claim.known desc) as standing,
        count(*) over (partition by claim.kind, claim.key, claim.known) as rivals
    from claim
),

put as (
    insert into placed (kind, key, head_id, joined_at, source)
    select
        contact.kind,
        contact.key,
        coalesce(weighed.head_id, contact.person_id),
        weighed.joined_at,
        case when weighed.head_id is not null then 'event'::link_source end
    from contact
    left join weighed
        on
            contact.kind = weighed.kind
            and contact.key = weighed.key
            and weighed.standing = 1
            and weighed.rivals = 1
    returning kind, key, head_id
)

update identifier
set
    customer_id = put.head_id,
    part_id = case
        when identifier.acts then coalesce(identifier.part_id, identifier.customer_id)
    end
from put
where
    identifier.workspace_id = %(workspace_id)s
    and identifier.kind = put.kind
    and identifier.key = put.key
