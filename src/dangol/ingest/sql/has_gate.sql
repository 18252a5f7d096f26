-- Does the shop collect anything that needs consent?
-- Reads collection_purpose.
select true
from collection_purpose
where
    collection_purpose.workspace_id = %(workspace_id)s
    and collection_purpose.active
    and collection_purpose.basis = 'consent'
order by collection_purpose.id
limit 1
