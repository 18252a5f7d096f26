-- Read how things stand for the recipient of a message.
-- Reads message, delivery, consent.
select
    message.customer_id,
    message.channel,
    coalesce(
        (
            select tried.address_key
            from delivery as tried
            where tried.message_id = message.id
            order by tried.attempt desc
            limit 1
        ), ''
    ) as address_key,
    consent.state,
    consent.since
from message
left join consent
    on
        message.customer_id = consent.customer_id
        and message.channel = consent.channel
        and consent.purpose = 'marketing'
where message.workspace_id = %(workspace_id)s and message.id = %(message_id)s
