-- Keep how many are in these segments on this day of the shop, and who came and went.
-- Reads workspace. Writes segment_size.
insert into segment_size (workspace_id, segment_id, day, size, came, went)
select
    workspace.id,
    kept.segment_id,
    (%(now)s::timestamptz at time zone workspace.time_zone)::date,
    kept.size,
    kept.came,
    kept.went
from workspace
cross join
    unnest(
        %(segment_ids)s::integer[], %(sizes)s::integer[], %(came)s::integer[], %(went)s::integer[]
    ) as kept (segment_id, size, came, went)
where workspace.id = %(workspace_id)s
on conflict (segment_id, day) do update
    set
        size = excluded.size,
        came = segment_size.came + excluded.came,
        went = segment_size.went + excluded.went
    where segment_size.size <> excluded.size or excluded.came + excluded.went > 0
