-- Delete which segments the customer is in.
-- Writes membership. Locks the rows it deletes.
delete from membership
where
    membership.workspace_id = %(workspace_id)s
    and membership.customer_id = %(customer_id)s
