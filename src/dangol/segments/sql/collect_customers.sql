-- Collect every customer who may belong to a segment.
-- Reads customer.
select
    %(workspace_id)s::integer as workspace_id,
    string_agg(int8send(customer.id), '') as customer_ids
from customer
where
    customer.workspace_id = %(workspace_id)s
    and customer.state = 'active'
    and customer.head_id is null
