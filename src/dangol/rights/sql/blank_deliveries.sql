-- Forget where messages to the customer went, and what vendors said of the address.
-- Reads message. Writes delivery. Locks the deliveries it changes.
update delivery
set address_key = '', detail = null
where
    delivery.message_id in (
        select message.id
        from message
        where
            message.workspace_id = %(workspace_id)s
            and message.customer_id = %(customer_id)s
    )
    and (delivery.address_key <> '' or delivery.detail is not null)
