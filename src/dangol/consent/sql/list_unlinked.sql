-- List the entries that have no link and do not wait for one.
-- Reads consent_entry, consent_link, unchained_entry.
select consent_entry.id
from consent_entry
where
    consent_entry.workspace_id = %(workspace_id)s
    and not exists (
        select
        from consent_link
        where consent_link.entry_id = consent_entry.id
    )
    and not exists (
        select
        from unchained_entry
        where
            unchained_entry.workspace_id = consent_entry.workspace_id
            and unchained_entry.entry_id = consent_entry.id
    )
order by consent_entry.id
