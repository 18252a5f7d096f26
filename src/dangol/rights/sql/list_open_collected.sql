-- List the wishes that what was collected for a purpose be deleted, as far as they are not done.
-- Reads collection_erasure.
select
    collection_erasure.id,
    collection_erasure.workspace_id,
    collection_erasure.customer_id,
    collection_erasure.purpose_name,
    collection_erasure.cleared_at,
    collection_erasure.event_names
from collection_erasure
where collection_erasure.done_at is null
order by collection_erasure.id
