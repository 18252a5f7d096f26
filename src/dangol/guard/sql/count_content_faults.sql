-- Count once more that messages were refused for what they say; return those at fault too often.
-- Writes content_fault. Locks its rows.
with refused as (
    select
        told.journey_id,
        told.template_id,
        count(*) as times,
        max(told.said) as said
    from
        unnest(
            %(journey_ids)s::integer[], %(template_ids)s::integer[], %(said)s::text[]
        ) as told (journey_id, template_id, said)
    group by told.journey_id, told.template_id
),

counted as (
    insert into content_fault (journey_id, template_id, times, said)
    select
        refused.journey_id,
        refused.template_id,
        refused.times,
        refused.said
    from refused
    order by refused.journey_id, refused.template_id
    on conflict (journey_id, template_id) do update
        set times = content_fault.times + excluded.times, said = excluded.said
    returning journey_id, template_id, times, said
)

select
    counted.journey_id,
    counted.template_id,
    counted.times,
    counted.said
from counted
where counted.times >= %(most)s
