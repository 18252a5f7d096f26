-- Note the heads that somebody joined or left.
-- Reads person_move, customer. Writes changed_head.
insert into changed_head (head_id)
select touched_head.id
from (
    select person_move.from_id as id from person_move
    union
    select person_move.to_id from person_move
) as touched_head
inner join customer on touched_head.id = customer.id
where customer.head_id is null
on conflict (head_id) do nothing
