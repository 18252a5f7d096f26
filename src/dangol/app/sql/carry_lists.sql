-- The shop's uploaded lists.
-- Reads customer_list. Writes nothing. Locks nothing.
select
    customer_list.id,
    %(trial)s::integer as workspace_id,
    customer_list.name,
    customer_list.uploaded_at,
    customer_list.rows_given
from customer_list
where customer_list.workspace_id = %(workspace_id)s
