-- Delete what the customer is recognised by.
-- Writes identifier. Locks the rows it deletes.
delete from identifier
where
    identifier.workspace_id = %(workspace_id)s
    and identifier.customer_id = %(customer_id)s
