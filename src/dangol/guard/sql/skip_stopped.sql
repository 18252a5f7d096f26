-- Skip what a journey planned before its owner stopped it.
-- Reads candidate, journey. Writes objection. Locks nothing.
insert into objection (rule, message_id, verdict, reason)
select
    %(rule)s::integer,
    candidate.message_id,
    'skip',
    'journey_stopped'
from candidate
inner join journey on candidate.journey_id = journey.id
where journey.state = 'stopped'
