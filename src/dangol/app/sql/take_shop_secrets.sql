-- Take the shops' secrets that are sealed under an older master key.
-- Reads shop_connection. Locks the shops it takes.
select
    shop_connection.id,
    shop_connection.workspace_id,
    shop_connection.sealed_secret
from shop_connection
where substring(shop_connection.sealed_secret for 3) <> %(first_bytes)s::bytea
for update
