-- Set a limit; what is already limited in the same days gets the new number.
-- Reads topic. Writes message_cap. Locks the limit's row.
insert into message_cap (workspace_id, channel, topic_id, messages, days)
select
    %(workspace_id)s,
    %(channel)s::channel,
    topic.id,
    %(messages)s,
    %(days)s
from (select %(topic)s::text as name) as wanted
left join topic on wanted.name = topic.name and topic.workspace_id = %(workspace_id)s
where wanted.name is null or topic.id is not null
on conflict (workspace_id, channel, topic_id, days) do update
    set messages = excluded.messages
