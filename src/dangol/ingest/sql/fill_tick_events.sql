-- Hand the events that act, each with its customer, to every stage of this tick.
-- Reads arrival, identifier, customer. Writes tick_event.
-- What our own stages wrote to a customer is a fact of the part that keeps what is theirs.
insert into tick_event (
    event_id, occurred_at, received_at, type, name, message_id, customer_id, part_id, user_id,
    anonymous_id, order_id, revenue, currency, product_id, category, quantity, properties, traits,
    contacts, consents, keep_for_ever
)
select
    arrival.event_id,
    arrival.occurred_at,
    arrival.received_at,
    arrival.type,
    arrival.name,
    arrival.message_id,
    coalesce(own.head_id, own.id, identifier.customer_id),
    coalesce(kept.id, own.id, identifier.part_id, identifier.customer_id),
    arrival.user_id,
    arrival.anonymous_id,
    arrival.order_id,
    arrival.revenue,
    arrival.currency,
    arrival.product_id,
    arrival.category,
    arrival.quantity,
    arrival.properties,
    arrival.traits,
    arrival.contacts,
    arrival.consents,
    arrival.message_id like any(array['import:%%', 'shop:order:%%'])
from arrival
left join identifier
    on
        identifier.workspace_id = %(workspace_id)s
        and arrival.kind = identifier.kind
        and arrival.key = identifier.key
left join customer as own on arrival.customer_id = own.id
left join customer as kept on own.id = kept.keeps_id
