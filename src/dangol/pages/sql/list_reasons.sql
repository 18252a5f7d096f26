-- List the guard's last word on each message to a customer.
-- Reads message, decision.
select
    message.id,
    message.purpose::text as purpose,
    coalesce(last_word.reason::text, '') as reason
from message
left join lateral (
    select decision.reason
    from decision
    where decision.message_id = message.id
    order by decision.evaluation desc
    limit 1
) as last_word on true
where
    message.workspace_id = %(workspace_id)s
    and message.customer_id = %(customer_id)s
