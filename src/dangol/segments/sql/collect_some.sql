-- Collect, of these customers and whom they count for, who may belong to a segment (1), or not (0).
-- Reads customer.
with asked as (
    select
        customer.id,
        customer.head_id
    from customer
    where
        customer.workspace_id = %(workspace_id)s
        and customer.id = any(%(customer_ids)s::bigint[])
),

looked as (
    select asked.id from asked
    union
    select asked.head_id from asked
    where asked.head_id is not null
)

select
    (customer.state = 'active' and customer.head_id is null)::integer as belongs,
    string_agg(int8send(looked.id), '') as customer_ids
from looked
inner join customer on looked.id = customer.id
group by 1
