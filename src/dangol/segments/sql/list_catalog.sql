-- List every segment: what it asks, its draft, its last 30 days, and which journeys name it.
-- Reads workspace, segment, segment_version, segment_size, journey, journey_need.
with today as (
    select
        workspace.id as workspace_id,
        (%(now)s::timestamptz at time zone workspace.time_zone)::date as day
    from workspace
    where workspace.id = %(workspace_id)s
)

select
    segment.id,
    segment.name,
    segment.title_ko,
    segment.title_en,
    segment.draft::text as draft,
    segment.archived_at,
    segment.refreshed_at,
    segment.size,
    newest.number,
    newest.definition,
    coalesce(days.days, array[]::date[]) as days,
    coalesce(days.sizes, array[]::integer[]) as sizes,
    coalesce(days.came, 0) as came,
    coalesce(days.went, 0) as went,
    coalesce(naming.used_by, array[]::text[]) as used_by
from segment
inner join today on segment.workspace_id = today.workspace_id
left join lateral (
    select
        segment_version.number,
        segment_version.definition::text as definition
    from segment_version
    where segment_version.segment_id = segment.id
    order by segment_version.number desc
    limit 1
) as newest on true
left join lateral (
    select
        array_agg(segment_size.day order by segment_size.day) as days,
        array_agg(segment_size.size order by segment_size.day) as sizes,
        sum(segment_size.came) filter (where segment_size.day > today.day - 7) as came,
        sum(segment_size.went) filter (where segment_size.day > today.day - 7) as went
    from segment_size
    where
        segment_size.segment_id = segment.id
        and segment_size.day > today.day - 30
) as days on true
left join lateral (
    select array_agg(journey.name order by journey.name) as used_by
    from journey
    inner join journey_need on journey.version_id = journey_need.version_id
    where
        journey.workspace_id = segment.workspace_id
        and journey.state <> 'stopped'
        and journey_need.kind = 'segment'
        and journey_need.name = segment.name
) as naming on true
order by segment.id
