-- Count the traits of people that nobody has said again since a moment, by the trait's name.
-- Reads customer.
select
    stale.name,
    count(*)
from customer
cross join
    unnest(%(trait_names)s::text[], %(moments)s::timestamptz[]) as stale (name, before)
where
    customer.workspace_id = %(workspace_id)s
    and customer.state <> 'merged'
    and customer.traits ? stale.name
    and coalesce(
        to_timestamp((customer.traits_at ->> stale.name)::double precision),
        customer.first_seen_at
    ) < stale.before
group by stale.name
