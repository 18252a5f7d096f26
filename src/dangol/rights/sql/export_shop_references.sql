-- Read the orders, checkouts and carts that shops have said are the customer's.
-- Reads shop_connection, shop_reference, identifier.
select
    shop_connection.name as shop,
    shop_reference.reference,
    shop_reference.told_at
from shop_connection
inner join shop_reference on shop_connection.id = shop_reference.connection_id
where
    shop_connection.workspace_id = %(workspace_id)s
    and exists (
        select
        from identifier
        where
            identifier.workspace_id = %(workspace_id)s
            and identifier.customer_id = %(customer_id)s
            and (
                (identifier.kind = 'external' and identifier.key = shop_reference.user_id)
                or (
                    identifier.sealed is not null
                    and shop_reference.contacts
                    @> jsonb_build_array(jsonb_build_object('key', identifier.key))
                )
            )
    )
order by shop_reference.told_at, shop_reference.reference
