-- Forget the combined activity of those who are no head any more.
-- Reads person_move, customer. Writes activity.
delete from activity
using person_move
inner join customer as kept on person_move.person_id = kept.keeps_id
where
    activity.customer_id = person_move.person_id
    and person_move.to_id <> person_move.person_id
