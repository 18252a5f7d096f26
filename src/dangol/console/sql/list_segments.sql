-- Every segment in use with its size.
-- Reads segment, membership.
select
    segment.id,
    segment.name,
    segment.title_ko,
    segment.title_en,
    segment.refreshed_at,
    (
        select count(*)
        from membership
        where membership.segment_id = segment.id
    ) as size
from segment
where
    segment.workspace_id = %(workspace_id)s
    and segment.archived_at is null
order by segment.id
