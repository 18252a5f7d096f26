-- Is anything open about who is who?
-- Reads touched.
select touched.kind
from touched
order by touched.kind
limit 1
