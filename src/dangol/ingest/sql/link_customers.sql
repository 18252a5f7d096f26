-- Note that somebody said two customers are one, by the strongest identifier of each.
-- Reads identifier, customer. Writes identity_link, touched. Locks the link.
-- Of two that were told apart before, this is a new word, and it counts.
with named as (
    select distinct on (identifier.customer_id)
        identifier.kind,
        identifier.key
    from identifier
    inner join customer as part
        on coalesce(identifier.part_id, identifier.customer_id) = part.id
    where
        identifier.workspace_id = %(workspace_id)s
        and identifier.customer_id = any(%(customer_ids)s::bigint[])
        and identifier.acts
    order by
        identifier.customer_id,
        identifier.kind,
        (coalesce(part.keeps_id, part.id) = identifier.customer_id) desc,
        identifier.key
),

ends as (
    select
        weaker.kind as from_kind,
        weaker.key as from_key,
        stronger.kind as to_kind,
        stronger.key as to_key
    from named as weaker
    inner join named as stronger on (weaker.kind, weaker.key) > (stronger.kind, stronger.key)
),

linked as (
    insert into identity_link (
        workspace_id, from_kind, from_key, to_kind, to_key, source, occurred_at
    )
    select
        %(workspace_id)s,
        ends.from_kind,
        ends.from_key,
        ends.to_kind,
        ends.to_key,
        'manual',
        %(now)s
    from ends
    on conflict (workspace_id, from_kind, from_key, to_kind, to_key, source) do update
        set occurred_at = excluded.occurred_at, undone_at = null
)

insert into touched (kind, key)
select
    named.kind,
    named.key
from named
on conflict (kind, key) do nothing
