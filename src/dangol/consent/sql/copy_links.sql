-- Add links to the chain, as they are handed over.
-- Writes consent_link.
copy consent_link (workspace_id, seq, entry_id, digest, hash, chained_at) from stdin
