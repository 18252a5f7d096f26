-- Delete which segments the customer is in, and was in.
-- Writes membership, membership_span. Locks the rows it deletes.
with past as (
    delete from membership_span
    where
        membership_span.workspace_id = %(workspace_id)s
        and membership_span.customer_id = %(customer_id)s
)

delete from membership
where
    membership.workspace_id = %(workspace_id)s
    and membership.customer_id = %(customer_id)s
