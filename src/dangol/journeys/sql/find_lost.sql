-- Find what a journey's version names and the workspace has no more.
-- Reads journey, journey_need, segment, customer_list. Writes nothing. Locks nothing.
select
    journey_need.kind,
    journey_need.name
from journey
inner join journey_need on journey.version_id = journey_need.version_id
where
    journey.id = %(journey_id)s
    and not exists (
        select from segment
        where
            journey_need.kind = 'segment'
            and segment.workspace_id = journey.workspace_id
            and segment.name = journey_need.name
            and segment.archived_at is null
    )
    and not exists (
        select from customer_list
        where
            journey_need.kind = 'list'
            and customer_list.workspace_id = journey.workspace_id
            and customer_list.name = journey_need.name
    )
order by journey_need.kind, journey_need.name
