-- Read for how many days messages are kept: no less than the guard looks back or the law asks.
-- Reads workspace, message_cap.
select
    greatest(
        workspace.keep_messages_days,
        %(least_days)s::integer,
        workspace.cap_days,
        workspace.sunset_days,
        workspace.reduced_days,
        (
            select max(message_cap.days)
            from message_cap
            where message_cap.workspace_id = workspace.id
        )
    ) as days
from workspace
where workspace.id = %(workspace_id)s and workspace.keep_messages_days is not null
