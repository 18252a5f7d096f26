-- Let in who is to enter, and tell the journeys; count them.
-- Reads member_change, customer, segment. Writes membership, event.
with entered as (
    insert into membership (workspace_id, segment_id, customer_id, entered_at)
    select
        customer.workspace_id,
        member_change.segment_id,
        customer.id,
        %(now)s
    from member_change
    inner join customer on member_change.customer_id = customer.id
    where
        member_change.enters
        and customer.workspace_id = %(workspace_id)s
        and customer.state = 'active'
    on conflict (segment_id, customer_id) do nothing
    returning segment_id, customer_id
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
        'Segment Entered',
        format(
            'segment:%%s:entered:%%s:%%s', segment.id, entered.customer_id, %(moment)s::text
        ),
        entered.customer_id,
        jsonb_build_object('segment', segment.name, 'segment_id', segment.id)
    from entered
    inner join segment on entered.segment_id = segment.id
    order by segment.id, entered.customer_id
)

select
    entered.segment_id,
    count(*) as customers
from entered
group by entered.segment_id
