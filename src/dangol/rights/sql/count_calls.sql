-- Count what is being handed over to the customer, or told to others about them, at this moment.
-- Reads delivery, message, webhook_call.
-- A call whose caller has died is over when its lease is.
select
    (
        select count(*)
        from message
        inner join delivery on message.id = delivery.message_id
        where
            message.workspace_id = %(workspace_id)s
            and message.customer_id = %(customer_id)s
            and delivery.state = 'calling'
    ) + (
        select count(*)
        from webhook_call
        where
            webhook_call.workspace_id = %(workspace_id)s
            and webhook_call.customer_id = %(customer_id)s
            and webhook_call.state = 'calling'
    ) as calls
