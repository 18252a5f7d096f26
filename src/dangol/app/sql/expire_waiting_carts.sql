-- Forget carts and checkouts that nobody turned into an order within ninety days.
-- Writes shop_waiting, shop_reference. Locks the rows it deletes.
-- What waits for an order's buyer stays: an order is money.
with expired as (
    delete from shop_waiting
    where
        shop_waiting.received_at < %(now)s::timestamptz - interval '90 days'
        and shop_waiting.reference !~ '^order:'
)

delete from shop_reference
where
    shop_reference.told_at < %(now)s::timestamptz - interval '90 days'
    and shop_reference.reference !~ '^order:'
