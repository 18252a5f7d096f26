-- List what a customer allows to be collected, purpose by purpose.
-- Reads collection_consent, customer.
select
    collection_consent.purpose_name,
    collection_consent.state,
    collection_consent.since
from customer
inner join collection_consent
    on coalesce(customer.head_id, customer.id) = collection_consent.customer_id
where customer.workspace_id = %(workspace_id)s and customer.id = %(customer_id)s
order by collection_consent.purpose_name
