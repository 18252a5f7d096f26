-- Take back what a sender has claimed for the customer and not begun to hand over.
-- Writes delivery. Locks the deliveries it takes back.
update delivery
set state = 'released', settled_at = %(now)s::timestamptz
where
    delivery.state = 'claimed'
    and delivery.message_id in (
        select message.id
        from message
        where
            message.workspace_id = %(workspace_id)s
            and message.customer_id = %(customer_id)s
    )
