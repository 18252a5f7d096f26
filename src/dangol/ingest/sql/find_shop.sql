-- Whose hook is this, and how does its platform speak?
-- Reads shop_connection.
select
    shop_connection.id,
    shop_connection.workspace_id,
    shop_connection.platform,
    shop_connection.name,
    shop_connection.sealed_secret,
    shop_connection.mapping
from shop_connection
where shop_connection.token = %(token)s
