-- Make a list, or note when the one of this name was uploaded again and how long the file was.
-- Writes customer_list. Locks the list.
insert into customer_list (workspace_id, name, uploaded_at, rows_given)
values (%(workspace_id)s, %(name)s, %(now)s, %(rows_given)s)
on conflict (workspace_id, name) do update
    set
        uploaded_at = excluded.uploaded_at,
        rows_given = excluded.rows_given
returning id
