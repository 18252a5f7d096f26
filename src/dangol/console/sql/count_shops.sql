-- Count the shops of this installation.
-- Reads workspace.
select count(*) as shops
from workspace
