-- Delete the entries that are older than a year, or than two where the shop has 50,000 people.
-- Reads customer. Writes access_entry. Locks the entries it deletes.
delete from access_entry
where
    access_entry.workspace_id = %(workspace_id)s
    and access_entry.seen_at < %(now)s::timestamptz - interval '1 year'
    and (
        access_entry.seen_at < %(now)s::timestamptz - interval '2 years'
        or not exists (
            select
            from customer
            where customer.workspace_id = %(workspace_id)s
            order by customer.id
            offset 49999
        )
    )
