-- Take those of some customers who count for themselves, so that conditions can be asked of them.
-- Reads customer. Writes asked_customer.
with asked as (
    insert into asked_customer (customer_id)
    select customer.id
    from customer
    where
        customer.workspace_id = %(workspace_id)s
        and customer.id = any(%(customer_ids)s::bigint[])
        and customer.state = 'active'
        and customer.head_id is null
    returning asked_customer.customer_id
)

select
    %(workspace_id)s::integer as workspace_id,
    string_agg(int8send(asked.customer_id), '') as customer_ids
from asked
