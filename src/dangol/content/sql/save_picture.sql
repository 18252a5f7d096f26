-- Keep a picture, unless the shop has it.
-- Reads nothing. Writes picture.
insert into picture (workspace_id, hash, kind, width, height, content, created_at)
values (
    %(workspace_id)s, %(hash)s, %(kind)s, %(width)s, %(height)s, %(content)s, %(now)s
)
on conflict (workspace_id, hash) do nothing
