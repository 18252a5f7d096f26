-- Read the uploaded lists a customer is on, under their own name or a part's.
-- Reads list_entry, customer_list, customer.
select distinct
    customer_list.name as list,
    customer_list.uploaded_at
from list_entry
inner join customer_list on list_entry.list_id = customer_list.id
inner join customer on list_entry.customer_id = customer.id
where
    list_entry.workspace_id = %(workspace_id)s
    and (customer.id = %(customer_id)s or customer.head_id = %(customer_id)s)
order by customer_list.uploaded_at, customer_list.name
