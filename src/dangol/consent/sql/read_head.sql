-- Read the last link of a workspace's chain.
-- Reads consent_link.
select
    consent_link.seq,
    consent_link.hash
from consent_link
where consent_link.workspace_id = %(workspace_id)s
order by consent_link.seq desc
limit 1
