-- List what customers may choose to hear about.
-- Reads topic.
select
    topic.id,
    topic.name,
    topic.title_ko,
    topic.title_en
from topic
where topic.workspace_id = %(workspace_id)s
order by topic.id
