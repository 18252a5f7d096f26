-- Read the entries that wait for their links, in the order in which they were written.
-- Reads unchained_entry, consent_entry.
select
    consent_entry.id,
    consent_facts(consent_entry)
from unchained_entry
inner join consent_entry on unchained_entry.entry_id = consent_entry.id
where unchained_entry.workspace_id = %(workspace_id)s
order by unchained_entry.entry_id
limit %(most)s
