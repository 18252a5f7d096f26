-- Skip advertising on channels that may carry none.
-- Reads candidate. Writes objection. Locks nothing.
insert into objection (rule, message_id, verdict, reason)
select
    %(rule)s::integer,
    candidate.message_id,
    'skip',
    'channel_forbidden'
from candidate
inner join
    unnest(%(forbidden_laws)s::text[], %(forbidden_channels)s::channel[]) as rule (law, channel)
    on candidate.law = rule.law and candidate.channel = rule.channel
where candidate.purpose = 'marketing'
