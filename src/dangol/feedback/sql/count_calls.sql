-- Count what is being sent to an address, or to a customer wherever they are, at this moment.
-- Reads delivery.
select count(*)
from delivery
where
    delivery.workspace_id = %(workspace_id)s
    and delivery.state = 'calling'
    and (
        (
            delivery.channel = %(channel)s::channel
            and delivery.address_key = %(address_key)s
        )
        or delivery.customer_id = %(customer_id)s
    )
