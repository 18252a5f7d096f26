-- Let the receipts of messages that moved follow them.
-- Reads crossing. Writes receipt. Locks the rows it moves.
update receipt
set customer_id = crossing.to_id
from crossing
where crossing.what = 'message' and receipt.message_id = crossing.id
