-- Delete messages with their decisions, deliveries and receipts; their journeys count them no more.
-- Writes decision, receipt, delivery, message, enrollment. Locks all of these rows.
with decided as (
    delete from decision
    where decision.message_id = any(%(ids)s::bigint[])
),

became as (
    delete from receipt
    where receipt.message_id = any(%(ids)s::bigint[])
),

handed as (
    delete from delivery
    where delivery.message_id = any(%(ids)s::bigint[])
),

gone as (
    delete from message
    where message.id = any(%(ids)s::bigint[])
    returning message.enrollment_id, message.rung
),

lessened as (
    select
        gone.enrollment_id,
        count(*) as messages
    from gone
    where gone.rung = 0
    group by gone.enrollment_id
)

update enrollment
set planned = enrollment.planned - lessened.messages
from lessened
where enrollment.id = lessened.enrollment_id
