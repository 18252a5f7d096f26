-- Skip advertising for what the customer has done since they entered the journey.
-- Reads candidate, conversion. Writes objection. Locks nothing.
-- What only a goal step has recorded is no reason: the journey goes on after it.
insert into objection (rule, message_id, verdict, reason)
select
    %(rule)s::integer,
    candidate.message_id,
    'skip',
    'already_converted'
from candidate
inner join conversion on candidate.enrollment_id = conversion.enrollment_id
where candidate.purpose = 'marketing' and conversion.message_id is not null
