-- Skip what has waited longer than it is worth sending.
-- Reads candidate. Writes objection. Locks nothing.
insert into objection (rule, message_id, verdict, reason)
select
    %(rule)s::integer,
    candidate.message_id,
    'skip',
    'expired'
from candidate
where candidate.expires_at <= %(now)s
