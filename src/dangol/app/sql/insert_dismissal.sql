-- Write the event that somebody sent a note away; told again, its message id lets it act once.
-- Reads message. Writes event. Locks nothing.
insert into event (
    workspace_id, received_at, occurred_at, type, name, message_id, customer_id, properties
)
select
    message.workspace_id,
    %(now)s::timestamptz,
    %(now)s::timestamptz,
    'track',
    %(name)s,
    'note dismissed:' || message.id,
    message.customer_id,
    jsonb_build_object('message_id', message.id, 'template', template.name)
from message
inner join template on message.template_id = template.id
where message.workspace_id = %(workspace_id)s and message.id = %(message_id)s
