-- List what a condition can name: published segments, uploaded lists and journeys.
-- Reads segment, segment_version, customer_list, journey.
select
    'segment' as kind,
    segment.name
from segment
where
    segment.workspace_id = %(workspace_id)s
    and segment.archived_at is null
    and exists (
        select from segment_version
        where segment_version.segment_id = segment.id
    )
union all
select
    'list' as kind,
    customer_list.name
from customer_list
where customer_list.workspace_id = %(workspace_id)s
union all
select
    'journey' as kind,
    journey.name
from journey
where journey.workspace_id = %(workspace_id)s
