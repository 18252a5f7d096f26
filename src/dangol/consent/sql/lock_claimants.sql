-- Take turns with everybody else who changes the consents of the tick's customers.
-- Reads consent_claim. Writes nothing. Locks those customers and their heads, in order of id.
with claimant as (
    select consent_claim.customer_id
    from consent_claim
    where consent_claim.fault is null
)

select customer.id
from customer
where
    customer.id in (
        select claimant.customer_id from claimant
        union all
        select part.head_id
        from claimant
        inner join customer as part on claimant.customer_id = part.id
    )
order by customer.id
for no key update
