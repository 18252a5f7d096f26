-- Hold advertising until the quiet hours are over where the customer lives.
-- Reads candidate. Writes objection. Locks nothing.
insert into objection (rule, message_id, verdict, reason, hold_until)
select
    %(rule)s::integer,
    candidate.message_id,
    'hold',
    'quiet_hours',
    quiet.ends_at
from candidate
inner join
    unnest(%(quiet_zones)s::text[], %(quiet_ends)s::timestamptz[]) as quiet (zone, ends_at)
    on candidate.zone = quiet.zone
where candidate.purpose = 'marketing'
