-- List who saw whose data, newest first.
-- Reads access_entry, customer.
select
    access_entry.id,
    access_entry.seen_at,
    access_entry.by_kind,
    access_entry.by_whom,
    access_entry.role,
    access_entry.from_address,
    access_entry.what,
    access_entry.reason,
    access_entry.subjects,
    access_entry.customer_ids
from access_entry
where
    access_entry.workspace_id = %(workspace_id)s
    and (%(before)s::bigint is null or access_entry.id < %(before)s::bigint)
    and (%(by_whom)s::text is null or access_entry.by_whom = %(by_whom)s::text)
    and (
        %(customer_id)s::bigint is null
        or access_entry.customer_ids && array(
            select customer.id
            from customer
            where
                customer.id = %(customer_id)s::bigint
                or customer.head_id = %(customer_id)s::bigint
        )
    )
order by access_entry.id desc
limit %(most)s
