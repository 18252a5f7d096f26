-- Create a customer for every deciding identifier of these kinds that nobody has yet.
-- Reads arrival. Writes customer, identifier.
with unknown as (
    select
        arrival.kind,
        arrival.key,
        min(arrival.occurred_at) as first_seen_at,
        max(arrival.occurred_at) as last_seen_at
    from arrival
    where
        arrival.kind = any(%(kinds)s::identifier_kind[])
        and not exists (
            select 1
            from identifier
            where
                identifier.workspace_id = %(workspace_id)s
                and identifier.kind = arrival.kind
                and identifier.key = arrival.key
        )
    group by arrival.kind, arrival.key
    order by min(arrival.event_id)
),

numbered as (
    select
        unknown.*,
        nextval(pg_get_serial_sequence('customer', 'id')) as customer_id
    from unknown
),

created as (
    insert into customer (id, workspace_id, first_seen_at, last_seen_at)
    overriding system value
    select
        numbered.customer_id,
        %(workspace_id)s,
        numbered.first_seen_at,
        numbered.last_seen_at
    from numbered
)

insert into identifier (workspace_id, kind, key, sealed, key_of, customer_id, first_seen_at)
select
    %(workspace_id)s,
    numbered.kind,
    numbered.key,
    -- Contact data is sealed once its customer has a key.
    case when numbered.kind in ('email', 'phone') then ''::bytea end,
    case when numbered.kind in ('email', 'phone') then numbered.customer_id end,
    numbered.customer_id,
    numbered.first_seen_at
from numbered
