-- Skip what would go to a customer who asked to be forgotten.
-- Reads candidate. Writes objection. Locks nothing.
insert into objection (rule, message_id, verdict, reason)
select
    %(rule)s::integer,
    candidate.message_id,
    'skip',
    'erased'
from candidate
where candidate.erased
