-- Put whom the keys lead to on a list; return who that is.
-- Reads identifier. Writes list_entry.
with led as (
    select
        identifier.key,
        identifier.customer_id
    from identifier
    where
        identifier.workspace_id = %(workspace_id)s
        and identifier.kind = %(kind)s
        and identifier.key = any(%(keys)s::text[])
        and identifier.customer_id is not null
),

listed as (
    insert into list_entry (workspace_id, list_id, customer_id)
    select distinct
        %(workspace_id)s::integer,
        %(list_id)s::integer,
        led.customer_id
    from led
    on conflict (list_id, customer_id) do nothing
)

select
    led.key,
    led.customer_id
from led
