-- List the uploaded lists and how many customers are on each; a part counts for its head.
-- Reads customer_list, list_entry, customer.
select
    customer_list.id,
    customer_list.name,
    customer_list.uploaded_at,
    customer_list.rows_given,
    count(distinct coalesce(customer.head_id, customer.id)) as matched
from customer_list
left join list_entry on customer_list.id = list_entry.list_id
left join customer on list_entry.customer_id = customer.id
where customer_list.workspace_id = %(workspace_id)s
group by customer_list.id
order by customer_list.name
