-- Skip advertising to the share of customers who get none, so that its effect can be measured.
-- Reads candidate, workspace. Writes objection. Locks nothing.
-- Who belongs to it follows from their number alone: the same people, as long as the share stays.
insert into objection (rule, message_id, verdict, reason)
select
    %(rule)s::integer,
    candidate.message_id,
    'skip',
    'holdout'
from candidate
inner join workspace on workspace.id = %(workspace_id)s
where
    candidate.purpose = 'marketing'
    and mod(
        ('x' || left(md5('holdout:' || candidate.customer_id), 8))
        ::bit(32)::bigint,
        1000
    ) < workspace.holdout_permille
