-- The whole flow in figures: one row per thing counted.
-- Reads event_cursor, acted_event, customer, enrollment, decision, delivery, receipt, segment.
select
    'events' as thing,
    '' as kind,
    '' as reason,
    count(*) as figure
from acted_event
where workspace_id = %(workspace_id)s
union all
select
    'customers',
    '',
    '',
    count(*)
from customer
where workspace_id = %(workspace_id)s and head_id is null
union all
select
    'segments',
    segment.name,
    '',
    count(membership.customer_id)
from segment
left join membership on segment.id = membership.segment_id
where segment.workspace_id = %(workspace_id)s
group by segment.name
union all
select
    'enrollments',
    journey.name,
    enrollment.state::text,
    count(*)
from enrollment
inner join journey on enrollment.journey_id = journey.id
where enrollment.workspace_id = %(workspace_id)s
group by journey.name, enrollment.state
union all
select
    'decisions',
    verdict::text,
    reason::text,
    count(*)
from decision
where workspace_id = %(workspace_id)s
group by verdict, reason
union all
select
    'messages',
    state::text,
    '',
    count(*)
from message
where workspace_id = %(workspace_id)s
group by state
union all
select
    'deliveries',
    state::text,
    '',
    count(*)
from delivery
where workspace_id = %(workspace_id)s
group by state
union all
select
    'receipts',
    kind::text,
    '',
    count(*)
from receipt
where workspace_id = %(workspace_id)s
group by kind
union all
select
    'parked',
    reason,
    '',
    count(*)
from parked_event
where workspace_id = %(workspace_id)s
group by reason
