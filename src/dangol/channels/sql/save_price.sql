-- Enter what a kind of message costs by a vendor.
-- Writes provider_price. Locks the row.
insert into provider_price (provider, kind, price, currency)
values (%(provider)s, %(kind)s, %(price)s, %(currency)s)
on conflict (provider, kind) do update
    set price = excluded.price, currency = excluded.currency
