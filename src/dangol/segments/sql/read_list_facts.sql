-- Read who of some customers, or (null) of all, is on the uploaded lists that are asked for; a part
-- counts for its head.
-- Reads list_entry, customer_list, customer.
with asked as (
    select
        customer.id,
        coalesce(customer.head_id, customer.id) as head_id
    from customer
    where
        customer.workspace_id = %(workspace_id)s
        and (
            %(customer_ids)s::bigint[] is null
            or customer.id = any(%(customer_ids)s::bigint[])
            or customer.head_id = any(%(customer_ids)s::bigint[])
        )
)

select distinct
    asked.head_id as customer_id,
    customer_list.name as list
from asked
inner join list_entry on asked.id = list_entry.customer_id
inner join customer_list on list_entry.list_id = customer_list.id
where
    list_entry.workspace_id = %(workspace_id)s
    and customer_list.name = any(%(lists)s::text[])
