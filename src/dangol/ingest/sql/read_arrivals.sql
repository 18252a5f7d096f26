-- Read on in the inbox, in the order in which writers committed, up to the oldest still writing.
-- Reads event. Writes arrival.
insert into arrival (
    event_id, written_by, occurred_at, received_at, type, name, message_id, customer_id, kind, key,
    user_id, anonymous_id, order_id, revenue, currency, product_id, category, quantity, properties,
    traits, contacts, consents
)
select
    event.id,
    event.written_by,
    event.occurred_at,
    event.received_at,
    event.type,
    event.name,
    event.message_id,
    event.customer_id,
    case
        when event.customer_id is not null then null
        when event.user_id is not null then 'external'
        when event.anonymous_id is not null then 'anonymous'
        when event.contacts @> '[{"kind": "email"}]' then 'email'
        when event.contacts @> '[{"kind": "phone"}]' then 'phone'
    end::identifier_kind,
    case
        when event.customer_id is not null then null
        else
            coalesce(
                event.user_id,
                event.anonymous_id,
                jsonb_path_query_first(event.contacts, '$[*] ? (@.kind == "email").key') #>> '{}',
                jsonb_path_query_first(event.contacts, '$[*] ? (@.kind == "phone").key') #>> '{}'
            )
    end,
    event.user_id,
    event.anonymous_id,
    event.order_id,
    event.revenue,
    event.currency,
    event.product_id,
    event.category,
    event.quantity,
    event.properties,
    event.traits,
    event.contacts,
    event.consents
from event
where
    event.workspace_id = %(workspace_id)s
    and (event.written_by, event.id) > (%(written_by)s::xid8, %(event_id)s::bigint)
    and event.written_by < pg_snapshot_xmin(pg_current_snapshot())
order by event.written_by, event.id
limit %(batch)s
