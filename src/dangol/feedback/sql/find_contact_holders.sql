-- Find whoever has a telephone number, or a mail address: known by it, reached at it, or seen with
-- it.
-- Reads identifier, address, identity_link, customer.
with holder as (
    select identifier.customer_id
    from identifier
    where
        identifier.workspace_id = %(workspace_id)s
        and identifier.kind = %(kind)s::identifier_kind
        and identifier.key = any(%(keys)s::text[])
    union
    select identifier.part_id
    from identifier
    where
        identifier.workspace_id = %(workspace_id)s
        and identifier.kind = %(kind)s::identifier_kind
        and identifier.key = any(%(keys)s::text[])
    union
    select address.customer_id
    from address
    where
        address.workspace_id = %(workspace_id)s
        and address.channel = any(%(channels)s::channel[])
        and address.key = any(%(keys)s::text[])
    union
    select seen.customer_id
    from identity_link
    inner join identifier as seen
        on
            identity_link.workspace_id = seen.workspace_id
            and identity_link.to_kind = seen.kind
            and identity_link.to_key = seen.key
    where
        identity_link.workspace_id = %(workspace_id)s
        and identity_link.from_kind = %(kind)s::identifier_kind
        and identity_link.from_key = any(%(keys)s::text[])
        and identity_link.undone_at is null
)

select distinct coalesce(customer.head_id, customer.id) as customer_id
from holder
inner join customer on holder.customer_id = customer.id
where customer.state <> 'erased'
order by customer_id
