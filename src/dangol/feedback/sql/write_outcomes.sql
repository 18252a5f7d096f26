-- Write what became of messages into the inbox, as events of their customers.
-- Reads receipt, delivery, message, template, journey, link, customer.
-- Writes untold_outcome, event.
-- Locks what it takes; another who does the same passes it over. About who is forgotten, nothing.
with due as (
    select untold_outcome.id
    from untold_outcome
    left join receipt on untold_outcome.receipt_id = receipt.id
    where
        untold_outcome.workspace_id = %(workspace_id)s
        and (
            receipt.kind is null
            or receipt.kind not in ('opened', 'clicked')
            or receipt.occurred_at <= %(now)s::timestamptz - %(patience)s::interval
        )
    order by untold_outcome.id
    limit %(batch)s
    for update of untold_outcome skip locked
),

taken as (
    delete from untold_outcome
    using due
    where untold_outcome.id = due.id
    returning untold_outcome.id, untold_outcome.receipt_id, untold_outcome.delivery_id
),

outcome as (
    select
        taken.id,
        receipt.message_id,
        named.name,
        receipt.occurred_at,
        'receipt:' || receipt.id as event_key,
        jsonb_build_object('link_url', link.url, 'reply', receipt.reply) as facts
    from taken
    inner join receipt on taken.receipt_id = receipt.id
    inner join
        unnest(%(kinds)s::receipt_kind[], %(names)s::text[]) as named (kind, name)
        on receipt.kind = named.kind
    left join link on receipt.link_id = link.id
    where
        receipt.kind not in ('opened', 'clicked')
        or receipt.human_confidence >= %(likely)s::real
    union all
    select
        taken.id,
        delivery.message_id,
        case delivery.state when 'accepted' then %(sent)s::text else %(failed)s::text end,
        delivery.settled_at,
        'delivery:' || delivery.id || ':' || delivery.state,
        jsonb_build_object(
            'reason', case delivery.state when 'rejected' then delivery.code end
        )
    from taken
    inner join delivery on taken.delivery_id = delivery.id
    where delivery.state in ('accepted', 'rejected')
),

told as (
    insert into event (
        workspace_id, received_at, occurred_at, type, name, message_id, customer_id, properties
    )
    select
        %(workspace_id)s,
        %(now)s::timestamptz,
        least(outcome.occurred_at, %(now)s::timestamptz),
        'track',
        outcome.name,
        outcome.event_key,
        coalesce(customer.head_id, customer.id),
        jsonb_strip_nulls(
            jsonb_build_object(
                'message_id', message.id,
                'channel', message.channel,
                'purpose', message.purpose,
                'template', template.name,
                'journey', journey.name
            ) || outcome.facts
        )
    from outcome
    inner join message on outcome.message_id = message.id
    inner join customer on message.customer_id = customer.id and customer.state <> 'erased'
    inner join template on message.template_id = template.id
    inner join journey on message.journey_id = journey.id
    order by outcome.id
)

select count(*) as looked_at from taken
