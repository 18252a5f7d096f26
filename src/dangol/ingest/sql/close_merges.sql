-- Note that those who leave a head are no part of it any more.
-- Reads person_move. Writes customer_merge. Locks the merges it closes.
update customer_merge
set undone_at = %(now)s::timestamptz
from person_move
where
    customer_merge.part_id = person_move.person_id
    and customer_merge.undone_at is null
    and person_move.from_id not in (person_move.person_id, person_move.to_id)
