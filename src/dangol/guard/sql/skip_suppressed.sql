-- Skip what would go to an address nobody may write to.
-- Reads candidate, address, suppression. Writes objection. Locks nothing.
insert into objection (rule, message_id, verdict, reason)
select
    %(rule)s::integer,
    candidate.message_id,
    'skip',
    'suppressed'
from candidate
inner join address
    on
        candidate.customer_id = address.customer_id
        and candidate.channel = address.channel
inner join suppression
    on
        address.workspace_id = suppression.workspace_id
        and address.channel = suppression.channel
        and address.key = suppression.address_key
where address.workspace_id = %(workspace_id)s
