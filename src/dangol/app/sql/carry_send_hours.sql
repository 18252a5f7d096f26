-- When customers usually reacted, as it was known by then.
-- Reads send_hour, customer. Writes nothing. Locks nothing.
select
    %(trial)s::integer as workspace_id,
    send_hour.customer_id,
    send_hour.channel,
    send_hour.hour,
    send_hour.noted_at
from send_hour
inner join customer on send_hour.customer_id = customer.id
where
    send_hour.workspace_id = %(workspace_id)s
    and customer.state <> 'erased'
    and send_hour.noted_at <= %(since)s::timestamptz
