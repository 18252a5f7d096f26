-- Skip what has waited longer than it is worth sending.
-- Reads candidate. Writes candidate. Locks nothing.
update candidate
set verdict = 'skip', reason = 'expired'
where candidate.verdict is null and candidate.expires_at <= %(now)s
