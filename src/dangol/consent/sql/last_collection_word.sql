-- When the customer or a part of theirs last said anything about a purpose; null for never.
-- Reads customer, consent_entry.
select max(greatest(consent_entry.occurred_at, part.joined_at))
from customer
inner join customer as part
    on
        coalesce(customer.head_id, customer.id) = part.id
        or coalesce(customer.head_id, customer.id) = part.head_id
inner join consent_entry on part.id = consent_entry.customer_id
where
    customer.workspace_id = %(workspace_id)s
    and customer.id = %(customer_id)s
    and consent_entry.collection = %(collection)s
