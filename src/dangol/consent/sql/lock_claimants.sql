-- Take turns with everybody else who changes the consents of the tick's customers.
-- Reads consent_claim. Writes nothing. Locks those customers, in order of id.
select customer.id
from customer
where
    customer.id in (
        select consent_claim.customer_id
        from consent_claim
        where consent_claim.fault is null
    )
order by customer.id
for no key update
