-- What we did for a customer and what became of it, newest first.
-- Reads message, journey, template, decision, delivery, receipt, link, consent_entry,
-- customer.
select
    message.planned_at as at,
    'message' as kind,
    message.state::text as name,
    message.id as message_id,
    null as reason,
    message.act_at as until,
    template.subject as detail,
    journey.title_ko,
    journey.title_en
from message
inner join journey on message.journey_id = journey.id
inner join template on message.template_id = template.id
where message.workspace_id = %(workspace_id)s and message.customer_id = %(customer_id)s
union all
select
    decision.decided_at,
    'decision',
    decision.verdict::text,
    decision.message_id,
    decision.reason::text,
    decision.hold_until,
    null,
    null,
    null
from decision
where decision.workspace_id = %(workspace_id)s and decision.customer_id = %(customer_id)s
union all
select
    coalesce(delivery.settled_at, delivery.calling_at, delivery.claimed_at),
    'delivery',
    delivery.state::text,
    delivery.message_id,
    delivery.code,
    delivery.retry_at,
    delivery.detail,
    null,
    null
from delivery
inner join message on delivery.message_id = message.id
where message.workspace_id = %(workspace_id)s and message.customer_id = %(customer_id)s
union all
select
    receipt.occurred_at,
    'receipt',
    receipt.kind::text,
    receipt.message_id,
    null,
    null,
    -- Of an opening or a click, detail keeps the request: nothing to read.
    case
        when receipt.kind in ('opened', 'clicked') then coalesce(link.url, '')
        else receipt.detail
    end,
    null,
    null
from receipt
left join link on receipt.link_id = link.id
where receipt.workspace_id = %(workspace_id)s and receipt.customer_id = %(customer_id)s
union all
select
    consent_entry.occurred_at,
    'consent',
    consent_entry.action::text,
    null,
    coalesce(
        consent_entry.imported_state::text, consent_entry.purpose::text, consent_entry.collection
    ),
    null,
    consent_entry.source,
    null,
    null
from consent_entry
where
    consent_entry.workspace_id = %(workspace_id)s
    and consent_entry.customer_id in (
        select customer.id
        from customer
        where customer.id = %(customer_id)s or customer.head_id = %(customer_id)s
    )
order by at desc, kind
limit %(batch)s
