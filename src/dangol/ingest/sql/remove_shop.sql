-- End a shop connection, with what it knew about whose orders and carts are.
-- Writes shop_connection, shop_reference, shop_waiting.
with ended as (
    select shop_connection.id
    from shop_connection
    where
        shop_connection.workspace_id = %(workspace_id)s
        and shop_connection.name = %(name)s
),

forgotten as (
    delete from shop_reference
    using ended
    where shop_reference.connection_id = ended.id
),

dropped as (
    delete from shop_waiting
    using ended
    where shop_waiting.connection_id = ended.id
)

delete from shop_connection
using ended
where shop_connection.id = ended.id
