-- Where a customer can be reached, and what forbids it.
-- Reads address, suppression.
select
    address.channel,
    address.state,
    suppression.reason as suppressed_because
from address
left join suppression
    on
        address.workspace_id = suppression.workspace_id
        and address.channel = suppression.channel
        and address.key = suppression.address_key
where address.workspace_id = %(workspace_id)s and address.customer_id = %(customer_id)s
order by address.channel
