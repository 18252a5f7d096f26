-- Let the deliveries of messages that moved follow them.
-- Reads crossing. Writes delivery. Locks the rows it moves.
update delivery
set customer_id = crossing.to_id
from crossing
where crossing.what = 'message' and delivery.message_id = crossing.id
