-- List a workspace's shop connections, and what waits to hear whose it is.
-- Reads shop_connection, shop_waiting.
select
    shop_connection.name,
    shop_connection.platform,
    '/hooks/' || shop_connection.token as path,
    shop_connection.created_at,
    case
        when shop_connection.previous_until > %(now)s::timestamptz
            then shop_connection.previous_until
    end as previous_until,
    count(distinct shop_waiting.message_id) as waiting,
    min(shop_waiting.received_at) as oldest_waiting_at
from shop_connection
left join shop_waiting on shop_connection.id = shop_waiting.connection_id
where shop_connection.workspace_id = %(workspace_id)s
group by shop_connection.id
order by shop_connection.name
