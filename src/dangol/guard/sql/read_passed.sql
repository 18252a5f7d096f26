-- Name the messages that may leave.
-- Reads candidate, ruling. Writes nothing. Locks nothing.
select candidate.message_id
from candidate
left join ruling on candidate.message_id = ruling.message_id
where ruling.message_id is null
order by candidate.message_id
