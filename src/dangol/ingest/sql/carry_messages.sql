-- Let the messages of those who move follow them.
-- Reads crossing. Writes message. Locks the rows it moves.
update message
set customer_id = crossing.to_id
from crossing
where crossing.what = 'message' and message.id = crossing.id
