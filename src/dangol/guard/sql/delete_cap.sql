-- Remove a limit.
-- Reads topic. Writes message_cap. Locks the rows it deletes.
delete from message_cap
where
    message_cap.workspace_id = %(workspace_id)s
    and message_cap.channel is not distinct from %(channel)s::channel
    and message_cap.days = %(days)s
    and message_cap.topic_id is not distinct from (
        select topic.id
        from topic
        where topic.workspace_id = %(workspace_id)s and topic.name = %(topic)s::text
    )
    and (
        %(topic)s::text is null
        or exists (
            select
            from topic
            where topic.workspace_id = %(workspace_id)s and topic.name = %(topic)s::text
        )
    )
