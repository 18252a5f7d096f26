-- Keep what a night's audit of the ledger found.
-- Reads nothing. Writes ledger_audit. Locks nothing.
insert into ledger_audit (
    workspace_id, audited_at, links, anchors, faults, examples, mended
)
values (
    %(workspace_id)s,
    %(now)s,
    %(links)s,
    %(anchors)s,
    %(faults)s,
    %(examples)s,
    %(mended)s
)
