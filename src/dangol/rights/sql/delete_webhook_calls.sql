-- Delete what was told, or to be told, to others about the customer.
-- Writes webhook_call. Locks the rows it deletes.
delete from webhook_call
where
    webhook_call.workspace_id = %(workspace_id)s
    and webhook_call.customer_id = %(customer_id)s
