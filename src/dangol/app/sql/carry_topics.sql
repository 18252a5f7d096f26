-- The shop's topics, as they are today.
-- Reads topic. Writes nothing. Locks nothing.
select
    topic.id,
    %(trial)s::integer as workspace_id,
    topic.name,
    topic.title_ko,
    topic.title_en,
    topic.created_at
from topic
where topic.workspace_id = %(workspace_id)s
