-- List the rows of one person: the parts of the head that this customer counts for, then the head.
-- Reads customer.
with head as (
    select coalesce(customer.head_id, customer.id) as id
    from customer
    where customer.workspace_id = %(workspace_id)s and customer.id = %(customer_id)s
)

select part.id
from head
inner join customer as part on head.id = part.head_id
union all
select head.id
from head
