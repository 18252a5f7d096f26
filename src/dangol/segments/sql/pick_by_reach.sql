-- Collect, for each condition about a channel, who can be reached there: the address takes
-- messages, and nobody forbade it.
-- Reads asked_customer, address, suppression.
select
    leaf.number,
    string_agg(int8send(address.customer_id), '') as customer_ids
from jsonb_to_recordset(%(leaves)s::jsonb) as leaf (number integer, channel channel)
inner join address on leaf.channel = address.channel
inner join asked_customer on address.customer_id = asked_customer.customer_id
where
    address.state = 'reachable'
    and not exists (
        select
        from suppression
        where
            suppression.workspace_id = address.workspace_id
            and suppression.channel = address.channel
            and suppression.address_key = address.key
    )
group by leaf.number
