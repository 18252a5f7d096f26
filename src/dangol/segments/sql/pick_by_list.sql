-- Collect, for each condition about an uploaded list, who is on it; a part counts for its head.
-- Reads asked_customer, customer_list, list_entry, customer.
select
    named.number,
    string_agg(int8send(named.customer_id), '') as customer_ids
from (
    select distinct
        leaf.number,
        asked_customer.customer_id
    from jsonb_to_recordset(%(leaves)s::jsonb) as leaf (number integer, name text)
    inner join customer_list
        on leaf.name = customer_list.name and customer_list.workspace_id = %(workspace_id)s
    inner join list_entry on customer_list.id = list_entry.list_id
    inner join customer on list_entry.customer_id = customer.id
    inner join asked_customer
        on coalesce(customer.head_id, customer.id) = asked_customer.customer_id
) as named
group by named.number
