-- List how much was withheld in the last days, by purpose and kind.
-- Reads collection_count, workspace.
select
    collection_count.purpose_name as purpose,
    collection_count.kind,
    sum(collection_count.count)::bigint as count
from collection_count
inner join workspace on collection_count.workspace_id = workspace.id
where
    workspace.id = %(workspace_id)s
    and collection_count.day
    > (%(now)s::timestamptz at time zone workspace.time_zone)::date - %(days)s::integer
group by collection_count.purpose_name, collection_count.kind
order by collection_count.purpose_name, collection_count.kind
