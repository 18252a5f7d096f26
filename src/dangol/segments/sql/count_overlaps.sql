-- Count who of a segment is in other segments, the most first: of about so many of its members,
-- drawn by a hash of their ids, or of all where there are not more.
-- Reads membership, segment.
-- The memberships of those who are drawn are looked up one by one (the order keeps it so):
-- PostgreSQL cannot tell how few they are, and would read every membership there is.
with counted as (
    select count(*) as members
    from membership
    where membership.segment_id = %(segment_id)s
),

drawn as materialized (
    select membership.customer_id
    from membership
    cross join counted
    where
        membership.segment_id = %(segment_id)s
        and mod(abs(hashint8extended(membership.customer_id, 57005) / 2), 1000000)
        < 1000000 * %(most)s::bigint / counted.members
),

shared as (
    select
        other.segment_id,
        count(*) as in_both
    from drawn
    inner join lateral (
        select membership.segment_id
        from membership
        where
            membership.customer_id = drawn.customer_id
            and membership.segment_id <> %(segment_id)s
        order by membership.segment_id
    ) as other on true
    group by other.segment_id
)

select
    segment.name,
    segment.title_ko,
    segment.title_en,
    segment.size,
    shared.in_both,
    (select count(*) from drawn) as looked_at,
    counted.members
from shared
inner join segment on shared.segment_id = segment.id
cross join counted
where
    segment.workspace_id = %(workspace_id)s
    and segment.archived_at is null
order by shared.in_both desc, segment.id asc
limit 20
