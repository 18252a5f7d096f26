-- Let each touched anonymous id lead to the external id it was seen with first, else to itself.
-- Reads touched, placed, identifier, customer, identity_link. Writes placed, identifier.
-- A device's later users do not take it over; evidence that arrives late may.
with device as (
    select
        identifier.kind,
        identifier.key,
        coalesce(part.keeps_id, part.id) as person_id,
        owner.customer_id as owner_id,
        owner.occurred_at,
        owner.source
    from touched
    inner join identifier
        on
            identifier.workspace_id = %(workspace_id)s
            and touched.kind = identifier.kind
            and touched.key = identifier.key
    left join customer as part
        on identifier.acts and coalesce(identifier.part_id, identifier.customer_id) = part.id
    left join
        lateral (
            select
                account.customer_id,
                link.occurred_at,
                link.source
            from identity_link as link
            inner join identifier as account
                on
                    link.workspace_id = account.workspace_id
                    and link.to_kind = account.kind
                    and link.to_key = account.key
            inner join customer on account.customer_id = customer.id
            where
                link.workspace_id = %(workspace_id)s
                and link.from_kind = 'anonymous'
                and link.from_key = touched.key
                and link.to_kind = 'external'
                and link.undone_at is null
                and customer.state <> 'erased'
            order by link.occurred_at, link.to_key collate "C", link.source
            limit 1
        ) as owner
        on part.state is distinct from 'erased'
    where
        touched.kind = 'anonymous'
        and not exists (
            select 1
            from placed
            where placed.kind = touched.kind and placed.key = touched.key
        )
),

put as (
    insert into placed (kind, key, head_id, joined_at, source)
    select
        device.kind,
        device.key,
        coalesce(device.owner_id, device.person_id),
        device.occurred_at,
        device.source
    from device
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
