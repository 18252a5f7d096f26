-- Skip advertising to a customer who asked for a rest.
-- Reads candidate, preference. Writes objection. Locks nothing.
-- Skipped, not held: what was to be said during a rest must not all come at its end.
insert into objection (rule, message_id, verdict, reason)
select
    %(rule)s::integer,
    candidate.message_id,
    'skip',
    'snoozed'
from candidate
inner join preference on candidate.customer_id = preference.customer_id
where candidate.purpose = 'marketing' and preference.snoozed_until > %(now)s::timestamptz
