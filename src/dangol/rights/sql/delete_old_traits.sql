-- Delete the traits that nobody has said again since a moment. Their segments are judged anew by
-- the trigger on customer.
-- Reads customer. Writes customer. Locks the customers it changes.
with old as (
    select
        customer.id,
        array_agg(stale.name) as gone
    from customer
    cross join
        unnest(%(trait_names)s::text[], %(moments)s::timestamptz[]) as stale (name, before)
    where
        customer.workspace_id = %(workspace_id)s
        and customer.traits ? stale.name
        and coalesce(
            to_timestamp((customer.traits_at ->> stale.name)::double precision),
            customer.first_seen_at
        ) < stale.before
    group by customer.id
)

update customer
set traits = customer.traits - old.gone, traits_at = customer.traits_at - old.gone
from old
where customer.id = old.id
