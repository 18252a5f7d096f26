-- Collect, for each condition about messages, who does not answer as those who never got any.
-- A message counts once, at its first reaction that is rather a person's than a machine's.
-- Reads asked_customer, message, delivery, receipt, journey.
with leaf as materialized (
    select
        leaf.number,
        leaf.reaction,
        leaf.channel,
        leaf.journey,
        leaf.during,
        leaf.numbers,
        leaf.otherwise
    from jsonb_to_recordset(%(leaves)s::jsonb) as leaf (
        number integer,
        reaction text,
        channel channel,
        journey text,
        during tstzmultirange,
        numbers nummultirange,
        otherwise boolean
    )
),

theirs as materialized (
    select
        message.id,
        message.customer_id,
        message.channel,
        journey.name as journey
    from asked_customer
    inner join message on asked_customer.customer_id = message.customer_id
    inner join journey on message.journey_id = journey.id
),

reaction as (
    select
        delivery.message_id,
        'sent' as kind,
        min(delivery.settled_at) as occurred_at
    from theirs
    inner join delivery on theirs.id = delivery.message_id
    where
        delivery.state = 'accepted'
        and exists (
            select from leaf
            where leaf.reaction = 'sent'
        )
    group by delivery.message_id

    union all

    select
        receipt.message_id,
        receipt.kind::text as kind,
        min(receipt.occurred_at) as occurred_at
    from theirs
    inner join receipt on theirs.id = receipt.message_id
    where
        receipt.human_confidence >= 0.5
        and receipt.kind::text in (select leaf.reaction from leaf)
    group by receipt.message_id, receipt.kind
),

counted as (
    select
        leaf.number,
        theirs.customer_id,
        count(*) as messages
    from leaf
    inner join reaction on leaf.reaction = reaction.kind
    inner join theirs
        on
            reaction.message_id = theirs.id
            and coalesce(leaf.channel, theirs.channel) = theirs.channel
            and coalesce(leaf.journey, theirs.journey) = theirs.journey
    where
        reaction.occurred_at <= %(now)s
        and reaction.occurred_at <@ leaf.during
    group by leaf.number, theirs.customer_id
)

select
    counted.number,
    string_agg(int8send(counted.customer_id), '') as customer_ids
from counted
inner join leaf on counted.number = leaf.number
where (counted.messages::numeric <@ leaf.numbers) <> leaf.otherwise
group by counted.number
