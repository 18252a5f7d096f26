-- List the traits and properties of a workspace with the kinds they came as, traits first.
-- Reads trait_type.
select
    trait_type.event_name,
    trait_type.name,
    jsonb_agg(
        jsonb_build_object('kind', trait_type.kind, 'count', trait_type.count)
        order by trait_type.count desc, trait_type.kind asc
    ) as kinds,
    min(trait_type.first_seen_at) as first_seen_at,
    max(trait_type.last_seen_at) as last_seen_at
from trait_type
where trait_type.workspace_id = %(workspace_id)s
group by trait_type.event_name, trait_type.name
order by trait_type.event_name, sum(trait_type.count) desc, trait_type.name
limit 2000
