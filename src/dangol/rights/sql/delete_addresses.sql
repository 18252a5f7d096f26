-- Delete where the customer is reached.
-- Writes address. Locks the rows it deletes.
delete from address
where
    address.workspace_id = %(workspace_id)s
    and address.customer_id = %(customer_id)s
