-- Read who of all or some is on the uploaded lists that are asked for; a part counts for its head.
-- Reads list_entry, customer_list, customer.
select distinct
    coalesce(customer.head_id, customer.id) as customer_id,
    customer_list.name as list
from list_entry
inner join customer_list on list_entry.list_id = customer_list.id
inner join customer on list_entry.customer_id = customer.id
where
    list_entry.workspace_id = %(workspace_id)s
    and customer_list.name = any(%(lists)s::text[])
    and (
        %(customer_ids)s::bigint[] is null
        or coalesce(customer.head_id, customer.id) = any(%(customer_ids)s::bigint[])
    )
