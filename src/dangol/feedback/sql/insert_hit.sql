-- Record an opening or a click, with less confidence where it came too soon after the delivery.
-- Reads message, delivery. Writes receipt.
insert into receipt (
    workspace_id, message_id, customer_id, kind, occurred_at, human_confidence, link_id, dedupe_key
)
select
    message.workspace_id,
    message.id,
    message.customer_id,
    %(kind)s::receipt_kind,
    %(now)s::timestamptz,
    case
        when
            %(kind)s = 'clicked'
            and exists (
                select from delivery
                where
                    delivery.message_id = message.id
                    and delivery.state = 'accepted'
                    -- Nobody's mail program stands between a page and its visitor.
                    and delivery.channel <> 'inapp'
                    and delivery.settled_at > %(now)s::timestamptz - %(too_soon)s::interval
            )
            then least(%(hardly)s::real, %(confidence)s::real)
        else %(confidence)s::real
    end,
    %(link_id)s::bigint,
    %(dedupe)s
from message
where message.workspace_id = %(workspace_id)s and message.id = %(message_id)s
on conflict (workspace_id, dedupe_key) do nothing
