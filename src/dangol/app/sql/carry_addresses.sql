-- Where everybody can be reached, without the addresses themselves; who bounced later has not yet.
-- Reads address. Writes nothing. Locks nothing.
select
    %(trial)s::integer as workspace_id,
    address.customer_id,
    address.channel,
    address.key,
    ''::bytea as sealed,
    address.key_of,
    case
        when address.changed_at > %(since)s::timestamptz then 'reachable'::address_state
        else address.state
    end as state,
    address.changed_at
from address
inner join customer on address.customer_id = customer.id
where address.workspace_id = %(workspace_id)s and customer.state <> 'erased'
