-- Let the segments of those who became parts be their head's; the next refresh judges anew.
-- Reads person_move. Writes membership. Locks the memberships it moves.
with left_behind as (
    delete from membership
    using person_move
    where
        membership.customer_id = person_move.person_id
        and person_move.to_id <> person_move.person_id
    returning membership.segment_id, person_move.to_id, membership.entered_at
)

insert into membership (workspace_id, segment_id, customer_id, entered_at)
select
    %(workspace_id)s,
    left_behind.segment_id,
    left_behind.to_id,
    min(left_behind.entered_at)
from left_behind
group by left_behind.segment_id, left_behind.to_id
on conflict (segment_id, customer_id) do nothing
