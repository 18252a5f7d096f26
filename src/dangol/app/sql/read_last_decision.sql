-- Read the last decision about somebody's newest message.
-- Reads identifier, decision. Writes nothing. Locks nothing.
select
    decision.message_id,
    decision.verdict,
    decision.reason,
    decision.hold_until
from identifier
inner join decision on identifier.customer_id = decision.customer_id
where
    identifier.workspace_id = %(workspace_id)s
    and identifier.kind = 'external'
    and identifier.key = %(name)s
order by decision.message_id desc, decision.evaluation desc
limit 1
