-- Read the key under which a customer's evidence is sealed, itself sealed.
-- Reads customer_key.
select customer_key.wrapped
from customer_key
where
    customer_key.workspace_id = %(workspace_id)s and customer_key.customer_id = %(customer_id)s
