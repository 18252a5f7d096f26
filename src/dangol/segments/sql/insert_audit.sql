-- Keep what an audit found.
-- Writes segment_audit.
insert into segment_audit (
    workspace_id, audited_at, segments, members, surplus, missing, wrong
)
values (
    %(workspace_id)s,
    %(now)s,
    %(segments)s,
    %(members)s,
    %(surplus)s,
    %(missing)s,
    %(wrong)s
)
