-- Read every part of a workspace with its head.
-- Reads customer.
select
    customer.id as part_id,
    customer.head_id
from customer
where customer.workspace_id = %(workspace_id)s and customer.head_id is not null
