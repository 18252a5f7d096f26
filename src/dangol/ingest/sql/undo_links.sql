-- Mark as wrong whatever says that a part is one with others, and touch them all.
-- Reads customer, identifier. Writes identity_link, touched. Locks the links it marks.
-- What a member put together is taken apart at just that place; what events said, wherever they
-- said it of the part. What hangs on the part itself, like its own devices, stays with it.
with part as (
    select customer.id
    from customer
    where customer.id = %(customer_id)s or customer.keeps_id = %(customer_id)s
),

own as materialized (
    select
        identifier.kind,
        identifier.key
    from part
    inner join identifier on part.id = identifier.part_id
    where identifier.workspace_id = %(workspace_id)s and identifier.acts
),

by_hand as materialized (
    select link.source
    from own
    inner join identity_link as link
        on
            (own.kind = link.from_kind and own.key = link.from_key)
            or (own.kind = link.to_kind and own.key = link.to_key)
    where
        link.workspace_id = %(workspace_id)s
        and link.source = 'manual'
        and link.undone_at is null
),

wrong as (
    update identity_link
    set undone_at = %(now)s::timestamptz
    from own
    where
        identity_link.workspace_id = %(workspace_id)s
        and identity_link.undone_at is null
        and (identity_link.source = 'manual' or not exists (select 1 from by_hand))
        and (
            (identity_link.from_kind = own.kind and identity_link.from_key = own.key)
            or (
                identity_link.source = 'manual'
                and identity_link.to_kind = own.kind
                and identity_link.to_key = own.key
            )
            or (
                -- An alias joins accounts only where its previous id is an account.
                identity_link.source = 'alias'
                and own.kind = 'external'
                and (
                    (identity_link.from_kind = 'anonymous' and identity_link.from_key = own.key)
                    or (
                        identity_link.to_kind = own.kind
                        and identity_link.to_key = own.key
                        and exists (
                            select 1
                            from identifier as account
                            where
                                account.workspace_id = %(workspace_id)s
                                and account.kind = 'external'
                                and account.key = identity_link.from_key
                        )
                    )
                )
            )
        )
)

insert into touched (kind, key)
select
    identifier.kind,
    identifier.key
from customer
inner join identifier on customer.head_id = identifier.customer_id
where customer.id = %(customer_id)s
on conflict (kind, key) do nothing
