-- Skip advertising on a consent that should have been confirmed again by now.
-- Reads candidate. Writes objection. Locks nothing.
-- overdue_before is from when a consent must date: the law's years, counted back from today.
insert into objection (rule, message_id, verdict, reason)
select
    %(rule)s::integer,
    candidate.message_id,
    'skip',
    'renewal_overdue'
from candidate
inner join
    unnest(
        %(renewal_laws)s::text[],
        %(renewal_channels)s::channel[],
        %(overdue_before)s::timestamptz[]
    ) as rule (law, channel, overdue_before)
    on candidate.law = rule.law and candidate.channel = rule.channel
where
    candidate.purpose = 'marketing'
    and candidate.consent_state = 'granted'
    and candidate.confirmed_at < rule.overdue_before
