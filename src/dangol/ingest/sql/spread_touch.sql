-- Touch whoever is one person with what is touched, and whatever alias or hand joins to it.
-- Reads touched, identifier, identity_link. Writes touched.
with recursive reached as (
    select
        touched.kind,
        touched.key
    from touched
    union
    select
        neighbour.kind,
        neighbour.key
    from reached
    cross join
        lateral (
            select
                other.kind,
                other.key
            from identifier as self
            inner join identifier as other
                on
                    self.workspace_id = other.workspace_id
                    and self.customer_id = other.customer_id
            where
                self.workspace_id = %(workspace_id)s
                and self.kind = reached.kind
                and self.key = reached.key
            union all
            select
                link.to_kind,
                link.to_key
            from identity_link as link
            where
                link.workspace_id = %(workspace_id)s
                and link.from_key = reached.key
                and (
                    (link.source = 'manual' and link.from_kind = reached.kind)
                    or (
                        link.source = 'alias'
                        and link.from_kind = 'anonymous'
                        and reached.kind = 'external'
                    )
                )
                and link.undone_at is null
            union all
            select
                named.kind,
                named.key
            from identity_link as link
            inner join identifier as named
                on
                    link.workspace_id = named.workspace_id
                    and link.from_key = named.key
                    and named.kind
                    = case link.source when 'alias' then 'external' else link.from_kind end
            where
                link.workspace_id = %(workspace_id)s
                and link.to_kind = reached.kind
                and link.to_key = reached.key
                and link.source <> 'event'
                and link.undone_at is null
        ) as neighbour
)

insert into touched (kind, key)
select
    reached.kind,
    reached.key
from reached
on conflict (kind, key) do nothing
