-- Read the links of a workspace in order, each with what its entry says now.
-- Reads consent_link, consent_entry.
select
    consent_link.seq,
    consent_link.entry_id,
    consent_link.digest,
    consent_link.hash,
    ledger_time(consent_link.chained_at),
    case when consent_entry.id is not null then consent_facts(consent_entry) end
from consent_link
left join consent_entry on consent_link.entry_id = consent_entry.id
where consent_link.workspace_id = %(workspace_id)s
order by consent_link.seq
