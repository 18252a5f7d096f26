-- The shop's limits beside its own cap, as they are today.
-- Reads message_cap. Writes nothing. Locks nothing.
select
    message_cap.id,
    %(trial)s::integer as workspace_id,
    message_cap.channel,
    message_cap.topic_id,
    message_cap.messages,
    message_cap.days
from message_cap
where message_cap.workspace_id = %(workspace_id)s
