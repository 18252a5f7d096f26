-- Who had stopped reacting by then.
-- Reads silence, customer. Writes nothing. Locks nothing.
select
    %(trial)s::integer as workspace_id,
    silence.customer_id,
    silence.channel,
    silence.messages,
    silence.since,
    silence.sunset,
    silence.visits,
    silence.noted_at
from silence
inner join customer on silence.customer_id = customer.id
where
    silence.workspace_id = %(workspace_id)s
    and customer.state <> 'erased'
    and silence.noted_at <= %(since)s::timestamptz
