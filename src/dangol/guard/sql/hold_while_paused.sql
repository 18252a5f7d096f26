-- Hold what a paused journey planned; look again each hour, and at once when it is resumed.
-- Reads candidate, journey. Writes objection. Locks nothing.
insert into objection (rule, message_id, verdict, reason, hold_until)
select
    %(rule)s::integer,
    candidate.message_id,
    'hold',
    'journey_paused',
    least(%(now)s::timestamptz + interval '1 hour', candidate.expires_at)
from candidate
inner join journey on candidate.journey_id = journey.id
where journey.state = 'paused'
