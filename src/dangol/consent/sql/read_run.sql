-- Read a stretch of the chain, and the hash that stands before it.
-- Reads consent_link.
select
    consent_link.seq,
    encode(consent_link.digest, 'hex'),
    encode(consent_link.hash, 'hex'),
    ledger_time(consent_link.chained_at)
from consent_link
where
    consent_link.workspace_id = %(workspace_id)s
    and consent_link.seq between %(first)s - 1 and %(last)s
order by consent_link.seq
