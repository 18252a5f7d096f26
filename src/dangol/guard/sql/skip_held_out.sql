-- Skip advertising to the share of customers who get none, so that its effect can be measured.
-- Reads workspace. Writes candidate. Locks nothing.
-- Who belongs to it follows from their number alone: the same people, as long as the share stays.
update candidate
set
    verdict = coalesce(candidate.verdict, 'skip'),
    reasons = array_append(candidate.reasons, 'holdout')
from workspace
where
    candidate.purpose = 'marketing'
    and workspace.id = %(workspace_id)s
    and mod(
        ('x' || left(md5('holdout:' || candidate.customer_id), 8))
        ::bit(32)::bigint,
        1000
    ) < workspace.holdout_permille
