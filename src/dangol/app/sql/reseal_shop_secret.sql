-- Keep a shop's secret as it is sealed anew.
-- Writes shop_connection. Locks the shop.
update shop_connection
set sealed_secret = %(sealed)s
where shop_connection.id = %(id)s
