-- List the workspaces with consents that had no audit for 20 hours where it is night, else for 30.
-- Reads workspace, consent_entry, ledger_audit.
select workspace.id
from workspace
where
    exists (
        select from consent_entry
        where consent_entry.workspace_id = workspace.id
    )
    and not exists (
        select from ledger_audit
        where
            ledger_audit.workspace_id = workspace.id
            and ledger_audit.audited_at > %(now)s::timestamptz - case
                when
                    extract(hour from %(now)s::timestamptz at time zone workspace.time_zone)
                    between 2 and 5
                    then interval '20 hours'
                else interval '30 hours'
            end
    )
order by workspace.id
