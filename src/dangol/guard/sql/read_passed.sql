-- Name the messages that may leave.
-- Reads candidate. Writes nothing. Locks nothing.
select candidate.message_id
from candidate
where candidate.verdict = 'allow'
order by candidate.message_id
