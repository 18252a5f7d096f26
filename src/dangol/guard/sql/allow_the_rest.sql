-- Allow what no rule speaks against.
-- Reads candidate. Writes candidate. Locks nothing.
update candidate
set verdict = 'allow', reasons = '{allowed}'
where candidate.verdict is null
