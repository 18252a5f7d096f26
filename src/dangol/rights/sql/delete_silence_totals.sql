-- Forget what is counted of a customer's silence.
-- Writes silence_total. Locks the rows it deletes.
delete from silence_total
where
    silence_total.workspace_id = %(workspace_id)s
    and silence_total.customer_id = %(customer_id)s
