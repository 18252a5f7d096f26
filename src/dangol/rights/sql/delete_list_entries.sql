-- Delete which uploaded lists the customer is on.
-- Writes list_entry. Locks the rows it deletes.
delete from list_entry
where
    list_entry.workspace_id = %(workspace_id)s
    and list_entry.customer_id = %(customer_id)s
