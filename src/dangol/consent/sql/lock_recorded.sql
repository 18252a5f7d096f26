-- Take turns with everybody who changes a consent of this workspace, and name its customers.
-- Reads consent_entry, consent. Writes nothing. Locks the customers, in order of id.
select customer.id
from customer
where
    customer.workspace_id = %(workspace_id)s
    and (
        exists (
            select
            from consent_entry
            where consent_entry.customer_id = customer.id
        )
        or exists (
            select
            from consent
            where consent.customer_id = customer.id
        )
        or exists (
            select
            from customer as part
            where part.head_id = customer.id
        )
    )
order by customer.id
for no key update
