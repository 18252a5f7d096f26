-- Read what the customers said, each entry with its link, its words and what may be sealed of it.
-- Reads consent_entry, consent_link, customer_key.
select
    consent_link.seq,
    consent_facts(consent_entry),
    consent_entry.wording,
    consent_entry.evidence,
    customer_key.wrapped
from consent_entry
inner join consent_link on consent_entry.id = consent_link.entry_id
left join customer_key on consent_entry.customer_id = customer_key.customer_id
where
    consent_entry.workspace_id = %(workspace_id)s
    and consent_entry.customer_id = any(%(customer_ids)s::bigint[])
order by consent_link.seq
