-- Skip what would go to an address nobody may write to.
-- Reads address, suppression. Writes candidate. Locks nothing.
update candidate
set
    verdict = coalesce(candidate.verdict, 'skip'),
    reasons = array_append(candidate.reasons, 'suppressed')
from address
inner join suppression
    on
        address.workspace_id = suppression.workspace_id
        and address.channel = suppression.channel
        and address.key = suppression.address_key
where
    address.workspace_id = %(workspace_id)s
    and candidate.customer_id = address.customer_id
    and candidate.channel = address.channel
