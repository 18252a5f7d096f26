-- Who was merged into a customer, the latest first.
-- Reads customer_merge, customer.
select
    customer.id,
    customer_merge.kind,
    customer_merge.source,
    customer_merge.merged_at
from customer
inner join customer_merge
    on customer.id = customer_merge.part_id and customer_merge.undone_at is null
where customer.workspace_id = %(workspace_id)s and customer.head_id = %(customer_id)s
order by customer_merge.merged_at desc, customer.id desc
limit 50
