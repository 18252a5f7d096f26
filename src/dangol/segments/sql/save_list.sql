-- Make a list, or note when the one of this name was uploaded again.
-- Writes customer_list. Locks the list.
insert into customer_list (workspace_id, name, uploaded_at)
values (%(workspace_id)s, %(name)s, %(now)s)
on conflict (workspace_id, name) do update set uploaded_at = excluded.uploaded_at
returning id
