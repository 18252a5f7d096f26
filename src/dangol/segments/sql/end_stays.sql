-- Let everybody go from one segment, and from those that are archived; no journey hears of it.
-- Reads segment. Writes membership, membership_span. Locks the memberships it ends.
with gone as (
    delete from membership
    using segment
    where
        membership.segment_id = segment.id
        and segment.workspace_id = %(workspace_id)s
        and (segment.id = %(segment_id)s::integer or segment.archived_at is not null)
    returning membership.segment_id, membership.customer_id, membership.entered_at
)

insert into membership_span (workspace_id, segment_id, customer_id, entered_at, left_at)
select
    %(workspace_id)s::integer,
    gone.segment_id,
    gone.customer_id,
    gone.entered_at,
    greatest(gone.entered_at, %(now)s::timestamptz)
from gone
on conflict (segment_id, customer_id, entered_at) do update
    set left_at = excluded.left_at
