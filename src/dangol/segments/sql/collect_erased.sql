-- Collect the customers who are to be forgotten: their events may be in the lake for a while yet.
-- Reads customer.
select
    %(workspace_id)s::integer as workspace_id,
    string_agg(int8send(customer.id), '') as customer_ids
from customer
where
    customer.workspace_id = %(workspace_id)s
    and customer.state = 'erased'
