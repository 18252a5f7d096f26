-- Record an opening or a click, with less confidence where it came too soon after the delivery, or
-- from where our trap has just been walked into. Of somebody who is forgotten no request is kept.
-- Reads message, customer, delivery, receipt. Writes receipt.
with judged as (
    select
        message.workspace_id,
        message.id,
        message.customer_id,
        customer.state = 'erased' as is_erased,
        exists(
            select from receipt as trapped
            where
                trapped.message_id = message.id
                and trapped.detail like 'why=trap ip=' || %(ip)s::text || ' %%'
                and trapped.occurred_at > %(now)s::timestamptz - %(trap_span)s::interval
        ) as is_trapped,
        %(kind)s = 'clicked'
        and (
            exists (
                select from delivery
                where
                    delivery.message_id = message.id
                    and delivery.state = 'accepted'
                    -- Nobody's mail program stands between a page and its visitor.
                    and delivery.channel <> 'inapp'
                    and delivery.settled_at > %(now)s::timestamptz - %(too_soon)s::interval
            )
            or exists (
                select from receipt as delivered
                where
                    delivered.message_id = message.id
                    and delivered.kind = 'delivered'
                    and delivered.occurred_at > %(now)s::timestamptz - %(too_soon)s::interval
            )
        ) as is_too_soon
    from message
    inner join customer on message.customer_id = customer.id
    where message.workspace_id = %(workspace_id)s and message.id = %(message_id)s
)

insert into receipt (
    workspace_id, message_id, customer_id, kind, occurred_at, human_confidence, link_id, detail,
    dedupe_key
)
select
    judged.workspace_id,
    judged.id,
    judged.customer_id,
    %(kind)s::receipt_kind,
    %(now)s::timestamptz,
    case
        when judged.is_trapped then 0
        when judged.is_too_soon then least(%(hardly)s::real, %(confidence)s::real)
        else %(confidence)s::real
    end,
    %(link_id)s::bigint,
    case
        when judged.is_erased then ''
        else
            'why=' || case
                when judged.is_trapped then 'trap'
                when judged.is_too_soon and %(why)s = 'person' then 'too_soon'
                else %(why)s
            end || ' ip=' || %(ip)s || ' net=' || %(net)s || ' ' || %(request)s
    end,
    %(dedupe)s
from judged
on conflict (workspace_id, dedupe_key) do nothing
