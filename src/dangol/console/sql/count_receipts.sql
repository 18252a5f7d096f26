-- What became of messages: each message once per kind, and only what a person probably did.
-- Reads receipt.
select
    receipt.kind,
    count(distinct receipt.message_id) as count
from receipt
where receipt.workspace_id = %(workspace_id)s and receipt.human_confidence >= 0.5
group by receipt.kind
order by receipt.kind
