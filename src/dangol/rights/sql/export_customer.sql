-- Read a customer's own row.
-- Reads customer.
select
    customer.id,
    customer.state,
    customer.first_seen_at,
    customer.last_seen_at,
    customer.locale,
    customer.time_zone,
    customer.country
from customer
where customer.workspace_id = %(workspace_id)s and customer.id = %(customer_id)s
