-- Find the lists a definition names.
-- Reads customer_list. Writes nothing. Locks nothing.
select customer_list.name
from customer_list
where
    customer_list.workspace_id = %(workspace_id)s
    and customer_list.name = any(%(names)s::text[])
