-- Let the decisions on messages that moved follow them.
-- Reads crossing. Writes decision. Locks the rows it moves.
update decision
set customer_id = crossing.to_id
from crossing
where crossing.what = 'message' and decision.message_id = crossing.id
