-- Who joined or left whom?
-- Reads person_move.
select person_move.person_id from person_move
union
select person_move.from_id from person_move
union
select person_move.to_id from person_move
