-- Delete where the customer had stopped reacting.
-- Writes silence. Locks the rows it deletes.
delete from silence
where
    silence.workspace_id = %(workspace_id)s
    and silence.customer_id = %(customer_id)s
