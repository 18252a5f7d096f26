-- Forget by which event the customer reached the goal of each journey; that they did stays counted.
-- Writes conversion. Locks the rows it changes.
update conversion
set message_id = 'erased:' || conversion.enrollment_id
where
    conversion.workspace_id = %(workspace_id)s
    and conversion.customer_id = %(customer_id)s
    and conversion.message_id <> 'erased:' || conversion.enrollment_id
