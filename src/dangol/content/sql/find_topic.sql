-- Find a topic of a shop by its name.
-- Reads topic.
select topic.id
from topic
where topic.workspace_id = %(workspace_id)s and topic.name = %(name)s
