-- Delete when the customer usually reacted.
-- Writes send_hour. Locks the rows it deletes.
delete from send_hour
where
    send_hour.workspace_id = %(workspace_id)s
    and send_hour.customer_id = %(customer_id)s
