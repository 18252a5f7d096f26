-- Let go who is to leave, keep how long they stayed, and tell the journeys; count them.
-- Reads member_change, segment. Writes membership, membership_span, event. Locks the memberships it
-- ends.
with gone as (
    delete from membership
    using member_change
    where
        not member_change.enters
        and membership.segment_id = member_change.segment_id
        and membership.customer_id = member_change.customer_id
    returning membership.segment_id, membership.customer_id, membership.entered_at
),

kept as (
    insert into membership_span (workspace_id, segment_id, customer_id, entered_at, left_at)
    select
        %(workspace_id)s,
        gone.segment_id,
        gone.customer_id,
        gone.entered_at,
        greatest(gone.entered_at, %(now)s)
    from gone
    on conflict (segment_id, customer_id, entered_at) do update
        set left_at = excluded.left_at
),

announced as (
    insert into event (
        workspace_id, received_at, occurred_at, type, name, message_id, customer_id, properties
    )
    select
        segment.workspace_id,
        %(now)s as received_at,
        %(now)s as occurred_at,
        'track',
        'Segment Left',
        format('segment:%%s:left:%%s:%%s', segment.id, gone.customer_id, %(moment)s::text),
        gone.customer_id,
        jsonb_build_object('segment', segment.name, 'segment_id', segment.id)
    from gone
    inner join segment on gone.segment_id = segment.id
    order by segment.id, gone.customer_id
)

select
    gone.segment_id,
    count(*) as customers
from gone
group by gone.segment_id
