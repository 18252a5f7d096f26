-- Forget what a kind of message costs by a vendor.
-- Writes provider_price. Locks the row.
delete from provider_price
where provider_price.provider = %(provider)s and provider_price.kind = %(kind)s
