-- Append a block of events to the inbox.
-- Writes event.
copy event (
    workspace_id, received_at, occurred_at, type, name, message_id, user_id, anonymous_id,
    order_id, revenue, currency, product_id, category, quantity,
    properties, traits, contacts, consents
) from stdin
