-- What a customer allows now, and where they said so.
-- Reads consent, consent_entry.
select
    consent.channel,
    consent.purpose,
    consent.state,
    consent.since,
    consent_entry.source
from consent
inner join consent_entry on consent.entry_id = consent_entry.id
where consent.workspace_id = %(workspace_id)s and consent.customer_id = %(customer_id)s
order by consent.channel, consent.purpose
