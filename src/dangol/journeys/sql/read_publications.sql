-- Read how a journey came by its versions, the last first.
-- Reads journey_publication, journey_version. Writes nothing. Locks nothing.
select
    current.number,
    former.number as was_number,
    journey_publication.inside,
    journey_publication.step_map::text as step_map,
    journey_publication.moved,
    journey_publication.let_go,
    journey_publication.continued,
    journey_publication.published_at,
    journey_publication.published_by
from journey_publication
inner join journey_version as current on journey_publication.version_id = current.id
left join journey_version as former on journey_publication.was_version_id = former.id
where journey_publication.journey_id = %(journey_id)s
order by journey_publication.id desc
limit 100
