-- Leave of withheld events that bring a consent nothing but that, here and in the inbox.
-- Reads withheld. Writes arrival, event. Locks the events it changes.
-- Their traits have been judged one by one.
with emptied as (
    update arrival
    set
        type = 'track',
        name = 'Consent Changed',
        order_id = null,
        revenue = null,
        currency = null,
        product_id = null,
        category = null,
        quantity = null,
        properties = '{}'
    from withheld
    where arrival.event_id = withheld.event_id and withheld.trait = '' and withheld.carries
    returning arrival.event_id, arrival.written_by, arrival.received_at
)

update event
set
    type = 'track',
    name = 'Consent Changed',
    order_id = null,
    revenue = null,
    currency = null,
    product_id = null,
    category = null,
    quantity = null,
    properties = '{}'
from emptied
where
    event.workspace_id = %(workspace_id)s
    and event.written_by = emptied.written_by
    and event.id = emptied.event_id
    and event.received_at = emptied.received_at
