-- Read the bytes of a shop's picture.
-- Reads picture.
select picture.content
from picture
where picture.workspace_id = %(workspace_id)s and picture.hash = %(hash)s
