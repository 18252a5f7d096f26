-- Set aside the events whose consent claims cannot be understood, saying which field is at fault.
-- Reads consent_claim. Writes parked_event. Locks nothing.
-- The rest of such an event has acted; what is parked is the claim.
insert into parked_event (workspace_id, event_id, reason, parked_at)
select distinct on (consent_claim.event_id)
    %(workspace_id)s::integer,
    consent_claim.event_id,
    'consents[' || (consent_claim.position - 1) || ']: ' || consent_claim.fault,
    %(now)s::timestamptz
from consent_claim
where consent_claim.fault is not null
order by consent_claim.event_id, consent_claim.position
on conflict (workspace_id, event_id) do nothing
