-- Make an audience that a segment feeds; none where there is no such segment.
-- Reads segment. Writes audience.
insert into audience (
    workspace_id, name, segment_id, network, network_ref, channels, most, ends_at, created_at,
    due_at
)
select
    segment.workspace_id,
    %(name)s,
    segment.id,
    %(network)s::ad_network,
    %(network_ref)s,
    %(channels)s::channel[],
    %(most)s::integer,
    %(ends_at)s::timestamptz,
    %(now)s::timestamptz,
    %(now)s::timestamptz
from segment
where
    segment.workspace_id = %(workspace_id)s
    and segment.name = %(segment)s
    and segment.archived_at is null
returning id
