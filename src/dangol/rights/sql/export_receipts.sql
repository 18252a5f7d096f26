-- Read what became of a customer's messages.
-- Reads receipt, link.
select
    receipt.message_id,
    receipt.kind,
    receipt.occurred_at,
    receipt.human_confidence,
    link.url as link,
    receipt.detail,
    receipt.reply
from receipt
left join link on receipt.link_id = link.id
where
    receipt.workspace_id = %(workspace_id)s
    and receipt.customer_id = %(customer_id)s
order by receipt.occurred_at, receipt.id
