-- Let go the members whom the lake no longer finds, and tell the journeys; count them.
-- Reads found_member, customer, segment. Writes membership, event. Locks the memberships it ends.
with gone as (
    delete from membership
    where
        membership.segment_id = any(%(segment_ids)s)
        and not exists (
            select
            from found_member
            inner join customer on found_member.customer_id = customer.id
            where
                found_member.segment_id = membership.segment_id
                and found_member.customer_id = membership.customer_id
                and customer.state = 'active'
        )
    returning membership.segment_id, membership.customer_id
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
