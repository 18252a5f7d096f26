-- List what everybody has said about consent until the end of those days, in its order.
-- Reads consent_entry, customer. Writes nothing. Locks nothing.
select
    consent_entry.occurred_at as at,
    consent_entry.id,
    %(trial)s::integer as workspace_id,
    consent_entry.customer_id,
    consent_entry.channel::text as channel,
    consent_entry.purpose::text as purpose,
    consent_entry.action::text as action,
    consent_entry.imported_state::text as imported_state,
    consent_entry.source,
    consent_entry.occurred_at,
    consent_entry.recorded_at
from consent_entry
inner join customer on consent_entry.customer_id = customer.id
where
    consent_entry.workspace_id = %(workspace_id)s
    and customer.state <> 'erased'
    -- A trial collects nothing.
    and consent_entry.collection is null
    and consent_entry.occurred_at <= %(until)s::timestamptz
order by consent_entry.occurred_at, consent_entry.id
