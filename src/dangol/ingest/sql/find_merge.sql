-- Whose part is a customer, and since when?
-- Reads customer_merge, customer.
select
    customer.head_id,
    customer_merge.merged_at
from customer_merge
inner join customer on customer_merge.part_id = customer.id
where
    customer_merge.workspace_id = %(workspace_id)s
    and customer_merge.part_id = %(customer_id)s
    and customer_merge.undone_at is null
    and customer.state = 'merged'
