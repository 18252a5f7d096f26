-- Take turns with everybody who changes a consent of the next customers; say who is a head.
-- Reads consent_entry, consent. Writes nothing. Locks the customers, in order of id.
-- What parts said is folded with their heads, whom everybody locks who changes a part's consents.
select
    customer.id,
    customer.head_id is null
from customer
where
    customer.workspace_id = %(workspace_id)s
    and customer.id > %(after)s
    and (
        exists (
            select
            from consent
            where consent.customer_id = customer.id
        )
        or customer.head_id is null and (
            exists (
                select
                from consent_entry
                where consent_entry.customer_id = customer.id
            )
            or exists (
                select
                from customer as part
                where part.head_id = customer.id
            )
        )
    )
order by customer.id
limit %(most)s
for no key update
