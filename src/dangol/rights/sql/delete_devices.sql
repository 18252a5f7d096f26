-- Delete the customer's devices.
-- Writes device. Locks the rows it deletes.
delete from device
where
    device.workspace_id = %(workspace_id)s
    and device.customer_id = %(customer_id)s
