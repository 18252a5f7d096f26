-- Delete what the customer did in sum.
-- Writes activity. Locks the rows it deletes.
delete from activity
where
    activity.workspace_id = %(workspace_id)s
    and activity.customer_id = %(customer_id)s
