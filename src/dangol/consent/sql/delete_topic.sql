-- Remove a topic.
-- Writes topic. Locks the topic.
delete from topic
where topic.workspace_id = %(workspace_id)s and topic.name = %(name)s
returning topic.id
