-- Destroy the customer's key, and every key that has sealed nothing but what is theirs.
-- Reads identifier, address, device. Writes customer_key. Locks the keys.
delete from customer_key
where
    customer_key.customer_id = %(customer_id)s
    or (
        customer_key.customer_id in (
            select identifier.key_of
            from identifier
            where identifier.customer_id = %(customer_id)s
            union
            select address.key_of
            from address
            where address.customer_id = %(customer_id)s
            union
            select device.key_of
            from device
            where device.customer_id = %(customer_id)s
        )
        and not exists (
            select
            from identifier
            where
                identifier.key_of = customer_key.customer_id
                and identifier.workspace_id = %(workspace_id)s
                and identifier.customer_id <> %(customer_id)s
        )
        and not exists (
            select
            from address
            where
                address.key_of = customer_key.customer_id
                and address.workspace_id = %(workspace_id)s
                and address.customer_id <> %(customer_id)s
        )
        and not exists (
            select
            from device
            where
                device.key_of = customer_key.customer_id
                and device.workspace_id = %(workspace_id)s
                and device.customer_id <> %(customer_id)s
        )
    )
