-- Forget who had switched a topic off.
-- Reads topic. Writes topic_refusal. Locks the rows it deletes.
delete from topic_refusal
using topic
where
    topic_refusal.topic_id = topic.id
    and topic.workspace_id = %(workspace_id)s
    and topic.name = %(name)s
