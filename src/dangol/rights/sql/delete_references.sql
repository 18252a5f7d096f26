-- Let no shop's order, checkout or cart lead to the customer, and drop what waits there.
-- Reads shop_connection. Writes shop_reference, shop_waiting. Locks the rows it deletes.
with forgotten as (
    delete from shop_reference
    using shop_connection
    where
        shop_reference.connection_id = shop_connection.id
        and shop_connection.workspace_id = %(workspace_id)s
        and (
            shop_reference.user_id = any(%(user_ids)s::text[])
            or exists (
                select
                from jsonb_to_recordset(shop_reference.contacts) as contact (key text)
                where contact.key = any(%(contact_keys)s::text[])
            )
        )
    returning shop_reference.connection_id, shop_reference.reference
)

delete from shop_waiting
using forgotten
where
    shop_waiting.connection_id = forgotten.connection_id
    and shop_waiting.reference = forgotten.reference
