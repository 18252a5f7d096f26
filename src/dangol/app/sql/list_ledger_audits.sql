-- List the newest audit of each workspace's ledger.
-- Reads ledger_audit.
select distinct on (ledger_audit.workspace_id)
    ledger_audit.workspace_id,
    ledger_audit.audited_at,
    ledger_audit.links,
    ledger_audit.anchors,
    ledger_audit.faults,
    ledger_audit.examples,
    ledger_audit.mended
from ledger_audit
order by
    ledger_audit.workspace_id, ledger_audit.audited_at desc, ledger_audit.id desc
