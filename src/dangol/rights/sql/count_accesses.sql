-- Count who saw a customer's data, by kind and role, and when last.
-- Reads access_entry, customer.
select
    access_entry.by_kind,
    access_entry.role,
    count(*),
    max(access_entry.seen_at)
from access_entry
where
    access_entry.workspace_id = %(workspace_id)s
    and access_entry.customer_ids && array(
        select customer.id
        from customer
        where customer.id = %(customer_id)s or customer.head_id = %(customer_id)s
    )
group by access_entry.by_kind, access_entry.role
order by access_entry.by_kind, access_entry.role
