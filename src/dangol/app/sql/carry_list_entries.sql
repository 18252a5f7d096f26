-- Whom the uploaded lists name.
-- Reads list_entry, customer. Writes nothing. Locks nothing.
select
    %(trial)s::integer as workspace_id,
    list_entry.list_id,
    list_entry.customer_id
from list_entry
inner join customer on list_entry.customer_id = customer.id
where list_entry.workspace_id = %(workspace_id)s and customer.state <> 'erased'
