-- Read what a shop's picture is, without its bytes.
-- Reads picture.
select
    encode(picture.hash, 'hex') as hash,
    picture.kind,
    picture.width,
    picture.height,
    length(picture.content) as size
from picture
where picture.workspace_id = %(workspace_id)s and picture.hash = %(hash)s
