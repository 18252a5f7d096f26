-- Give a shop a new secret, and keep the one until now for as long as the platform may use it.
-- Writes shop_connection.
update shop_connection
set
    previous_secret = case when %(is_kept)s::boolean then shop_connection.sealed_secret end,
    previous_until = case when %(is_kept)s::boolean then %(until)s::timestamptz end,
    sealed_secret = %(sealed_secret)s
where
    shop_connection.workspace_id = %(workspace_id)s
    and shop_connection.name = %(name)s
