-- Note the enrollments and messages that go with those who move.
-- Reads person_move, enrollment, message, customer_merge. Writes crossing.
-- Who was their own head brings all; who was a part takes back what they had brought.
with brought as (
    select
        person_move.person_id,
        person_move.from_id,
        person_move.to_id,
        customer_merge.enrollment_ids,
        customer_merge.message_ids
    from person_move
    inner join customer_merge
        on person_move.person_id = customer_merge.part_id and customer_merge.undone_at is null
    where person_move.from_id not in (person_move.person_id, person_move.to_id)
)

insert into crossing (what, id, person_id, to_id)
select
    'enrollment',
    enrollment.id,
    person_move.person_id,
    person_move.to_id
from person_move
inner join enrollment on person_move.person_id = enrollment.customer_id
where person_move.from_id = person_move.person_id and person_move.to_id <> person_move.person_id
union all
select
    'message',
    message.id,
    person_move.person_id,
    person_move.to_id
from person_move
inner join message on person_move.person_id = message.customer_id
where person_move.from_id = person_move.person_id and person_move.to_id <> person_move.person_id
union all
select
    'enrollment',
    enrollment.id,
    brought.person_id,
    brought.to_id
from brought
inner join enrollment
    on enrollment.id = any(brought.enrollment_ids) and brought.from_id = enrollment.customer_id
union all
select
    'message',
    message.id,
    brought.person_id,
    brought.to_id
from brought
inner join message
    on message.id = any(brought.message_ids) and brought.from_id = message.customer_id
