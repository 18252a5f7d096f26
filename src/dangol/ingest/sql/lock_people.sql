-- Take turns with everybody else who changes the consents of those who move.
-- Reads person_move, customer. Locks those customers, in order of id.
select customer.id
from customer
where
    customer.id in (
        select person_move.person_id from person_move
        union all
        select person_move.from_id from person_move
        union all
        select person_move.to_id from person_move
    )
order by customer.id
for no key update
