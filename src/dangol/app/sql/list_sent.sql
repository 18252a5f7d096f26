-- List what vendors took for somebody after a given delivery, in the order they took it.
-- Reads identifier, delivery, message, template. Writes nothing. Locks nothing.
select
    delivery.id,
    message.id as message_id,
    template.name,
    template.channel,
    delivery.settled_at
from identifier
inner join delivery on identifier.customer_id = delivery.customer_id
inner join message on delivery.message_id = message.id
inner join template on message.template_id = template.id
where
    identifier.workspace_id = %(workspace_id)s
    and identifier.kind = 'external'
    and identifier.key = %(name)s
    and delivery.state = 'accepted'
    and delivery.id > %(after)s
order by delivery.id
