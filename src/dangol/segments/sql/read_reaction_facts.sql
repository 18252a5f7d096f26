-- Read the messages that were sent and the first reaction of each kind to each, by now; without
-- those that are rather a machine's than a person's.
-- Reads delivery, message, journey, receipt.
with reaction as (
    select
        delivery.message_id,
        'sent' as kind,
        min(delivery.settled_at) as occurred_at
    from delivery
    where
        delivery.workspace_id = %(workspace_id)s
        and delivery.state = 'accepted'
        and 'sent' = any(%(kinds)s::text[])
        and (
            %(customer_ids)s::bigint[] is null
            or delivery.customer_id = any(%(customer_ids)s::bigint[])
        )
    group by delivery.message_id

    union all

    select
        receipt.message_id,
        receipt.kind::text as kind,
        min(receipt.occurred_at) as occurred_at
    from receipt
    where
        receipt.workspace_id = %(workspace_id)s
        and receipt.kind::text = any(%(kinds)s::text[])
        and receipt.human_confidence >= 0.5
        and (
            %(customer_ids)s::bigint[] is null
            or receipt.customer_id = any(%(customer_ids)s::bigint[])
        )
    group by receipt.message_id, receipt.kind
)

select
    message.customer_id,
    message.channel,
    journey.name as journey,
    reaction.kind,
    reaction.occurred_at
from reaction
inner join message on reaction.message_id = message.id
inner join journey on message.journey_id = journey.id
where reaction.occurred_at <= %(now)s
