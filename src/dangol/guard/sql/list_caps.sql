-- List a shop's limits beside its own, the widest first.
-- Reads message_cap, topic. Writes nothing. Locks nothing.
select
    message_cap.channel,
    topic.name as topic,
    message_cap.messages,
    message_cap.days
from message_cap
left join topic on message_cap.topic_id = topic.id
where message_cap.workspace_id = %(workspace_id)s
order by
    message_cap.channel nulls first,
    topic.name nulls first,
    message_cap.days
