-- Take the next references of shops with contacts that are sealed under an older master key.
-- Reads shop_connection, shop_reference. Locks the references it takes.
select
    shop_connection.workspace_id,
    shop_reference.connection_id,
    shop_reference.reference,
    shop_reference.contacts
from shop_reference
inner join shop_connection on shop_reference.connection_id = shop_connection.id
where
    (shop_reference.connection_id, shop_reference.reference)
    > (%(after_id)s::integer, %(after_reference)s::text)
    and jsonb_path_exists(
        shop_reference.contacts,
        '$[*] ? (!(@.sealed starts with $mark))',
        jsonb_build_object('mark', %(mark)s::text)
    )
order by shop_reference.connection_id, shop_reference.reference
limit %(batch)s
for update of shop_reference
