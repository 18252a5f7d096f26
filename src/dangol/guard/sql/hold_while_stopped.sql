-- Hold a message that too many opted out of, until somebody lets it go on; look again each hour.
-- Reads candidate, journey_stop. Writes objection. Locks nothing.
insert into objection (rule, message_id, verdict, reason, hold_until)
select
    %(rule)s::integer,
    candidate.message_id,
    'hold',
    'message_stopped',
    least(%(now)s::timestamptz + interval '1 hour', candidate.expires_at)
from candidate
inner join journey_stop
    on
        candidate.journey_id = journey_stop.journey_id
        and candidate.template_id = journey_stop.template_id
where candidate.purpose = 'marketing' and journey_stop.resumed_at is null
