-- Forget which event brought the customer into each journey, and what it said.
-- Writes enrollment. Locks the enrollments it changes.
update enrollment
set
    entry_key = 'erased:' || enrollment.id,
    entry_properties = null,
    parked_because = case when enrollment.state = 'parked' then 'erased' end
where
    enrollment.workspace_id = %(workspace_id)s
    and enrollment.customer_id = %(customer_id)s
    and (
        enrollment.entry_key <> 'erased:' || enrollment.id
        or enrollment.entry_properties is not null
    )
