-- Add a version to a segment, unless its newest one says the same.
-- Reads segment_version. Writes segment_version.
with newest as (
    select
        segment_version.number,
        segment_version.definition
    from segment_version
    where segment_version.segment_id = %(segment_id)s
    order by segment_version.number desc
    limit 1
)

insert into segment_version (segment_id, number, definition, created_at)
select
    %(segment_id)s,
    coalesce((select newest.number from newest), 0) + 1,
    %(definition)s::jsonb,
    %(now)s
where not exists (
    select from newest
    where newest.definition = %(definition)s::jsonb
)
