-- Keep why a message made its recipient stop, if they have; their last answer counts.
-- Reads message, consent. Writes exit_answer. Locks the answer.
insert into exit_answer (message_id, workspace_id, reason, said_at)
select
    message.id,
    message.workspace_id,
    %(reason)s::exit_reason,
    %(now)s::timestamptz
from message
inner join consent
    on
        message.customer_id = consent.customer_id
        and message.channel = consent.channel
        and consent.purpose = 'marketing'
where
    message.workspace_id = %(workspace_id)s
    and message.id = %(message_id)s
    and consent.state <> 'granted'
on conflict (message_id) do update
    set
        reason = excluded.reason,
        said_at = excluded.said_at
