-- Read the messages that were sent to some customers, or (null) to all, and the first reaction of
-- each kind to each, by now; without those that are rather a machine's than a person's.
-- Reads delivery, message, journey, receipt.
with asked as (
    select
        message.id,
        message.customer_id,
        message.channel,
        journey.name as journey
    from message
    inner join journey on message.journey_id = journey.id
    where
        message.workspace_id = %(workspace_id)s
        and (
            %(customer_ids)s::bigint[] is null
            or message.customer_id = any(%(customer_ids)s::bigint[])
        )
),

reaction as (
    select
        delivery.message_id,
        'sent' as kind,
        min(delivery.settled_at) as occurred_at
    from asked
    inner join delivery on asked.id = delivery.message_id
    where
        delivery.workspace_id = %(workspace_id)s
        and delivery.state = 'accepted'
        and 'sent' = any(%(kinds)s::text[])
    group by delivery.message_id

    union all

    select
        receipt.message_id,
        receipt.kind::text as kind,
        min(receipt.occurred_at) as occurred_at
    from asked
    inner join receipt on asked.id = receipt.message_id
    where
        receipt.workspace_id = %(workspace_id)s
        and receipt.kind::text = any(%(kinds)s::text[])
        and receipt.human_confidence >= 0.5
    group by receipt.message_id, receipt.kind
)

select
    asked.customer_id,
    asked.channel,
    asked.journey,
    reaction.kind,
    reaction.occurred_at
from reaction
inner join asked on reaction.message_id = asked.id
where reaction.occurred_at <= %(now)s
