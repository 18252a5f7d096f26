-- Find the customer a message was for, and whoever else holds the address it went to.
-- Reads message, delivery, address, customer, consent_entry.
-- Where the refusal was heard before, whoever's consent was taken back since then is left out: one
-- refusal is one withdrawal, and does not take back what was agreed to after it.
with holder as (
    select message.customer_id
    from message
    where message.workspace_id = %(workspace_id)s and message.id = %(message_id)s
    union
    select address.customer_id
    from delivery as tried
    inner join address
        on
            tried.workspace_id = address.workspace_id
            and tried.channel = address.channel
            and tried.address_key = address.key
    where tried.workspace_id = %(workspace_id)s and tried.message_id = %(message_id)s
)

select holder.customer_id
from holder
inner join customer on holder.customer_id = customer.id
inner join message on message.id = %(message_id)s
where
    %(heard_at)s::timestamptz is null
    or not exists (
        select
        from consent_entry
        where
            consent_entry.customer_id in (customer.id, customer.head_id)
            and consent_entry.channel = message.channel
            and consent_entry.purpose = 'marketing'
            and consent_entry.action = 'withdraw'
            and consent_entry.recorded_at >= %(heard_at)s::timestamptz
    )
order by holder.customer_id
