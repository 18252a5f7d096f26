-- Forget which event brought the customer into each journey.
-- Writes enrollment. Locks the enrollments it changes.
update enrollment
set entry_key = 'erased:' || enrollment.id
where
    enrollment.workspace_id = %(workspace_id)s
    and enrollment.customer_id = %(customer_id)s
    and enrollment.entry_key <> 'erased:' || enrollment.id
