-- List what a shop collects data for, in the order in which it was set up.
-- Reads collection_purpose.
select
    collection_purpose.id,
    collection_purpose.name,
    collection_purpose.title_ko,
    collection_purpose.title_en,
    collection_purpose.why_ko,
    collection_purpose.why_en,
    collection_purpose.basis,
    collection_purpose.without_consent,
    collection_purpose.event_names,
    collection_purpose.trait_names,
    collection_purpose.covers_rest,
    collection_purpose.keep_events_days,
    collection_purpose.keep_traits_days,
    collection_purpose.active
from collection_purpose
where collection_purpose.workspace_id = %(workspace_id)s
order by collection_purpose.id
