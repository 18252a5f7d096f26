-- Count who of a segment is in other segments, the most first.
-- Reads membership, segment.
select
    segment.name,
    segment.title_ko,
    segment.title_en,
    segment.size,
    count(*) as in_both
from membership as mine
inner join membership as other on mine.customer_id = other.customer_id
inner join segment on other.segment_id = segment.id
where
    mine.segment_id = %(segment_id)s
    and other.segment_id <> %(segment_id)s
    and other.workspace_id = %(workspace_id)s
    and segment.archived_at is null
group by segment.id
order by count(*) desc, segment.id asc
limit 20
