-- Name the messages that may leave.
-- Reads candidate. Writes nothing. Locks nothing.
select candidate.message_id
from candidate
where candidate.verdict is null
order by candidate.message_id
