-- Give those who leave a head the segments they had brought; what was theirs alone leaves it.
-- Reads person_move, customer_merge. Writes membership. Locks the memberships it ends.
with brought as (
    select
        person_move.person_id,
        person_move.from_id,
        had.segment_id,
        had.entered_at,
        had.new
    from person_move
    inner join customer_merge
        on person_move.person_id = customer_merge.part_id and customer_merge.undone_at is null
    cross join
        lateral jsonb_to_recordset(customer_merge.memberships) as had (
            segment_id integer, entered_at timestamptz, new boolean
        )
    where person_move.from_id not in (person_move.person_id, person_move.to_id)
),

ended as (
    delete from membership
    using brought
    where
        brought.new
        and membership.segment_id = brought.segment_id
        and membership.customer_id = brought.from_id
)

insert into membership (workspace_id, segment_id, customer_id, entered_at)
select distinct on (brought.segment_id, brought.person_id)
    %(workspace_id)s,
    brought.segment_id,
    brought.person_id,
    brought.entered_at
from brought
on conflict (segment_id, customer_id) do nothing
