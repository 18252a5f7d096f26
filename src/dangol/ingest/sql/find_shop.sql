-- Whose hook is this, and how does its platform speak?
-- Reads shop_connection, workspace.
select
    shop_connection.id,
    shop_connection.workspace_id,
    shop_connection.platform,
    shop_connection.name,
    shop_connection.sealed_secret,
    shop_connection.mapping,
    workspace.country,
    case
        when shop_connection.previous_until > %(now)s::timestamptz
            then shop_connection.previous_secret
    end
from shop_connection
inner join workspace on shop_connection.workspace_id = workspace.id
where shop_connection.token = %(token)s
