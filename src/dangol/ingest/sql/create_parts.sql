-- Create a customer for every deciding identifier under which nothing has happened yet.
-- Reads arrival, identity_link. Writes customer, identifier, touched.
-- Where there is evidence about it from earlier ticks, whose it is must be worked out.
with unknown as (
    select
        arrival.kind,
        arrival.key,
        min(arrival.occurred_at) as first_seen_at,
        max(arrival.occurred_at) as last_seen_at
    from arrival
    where
        arrival.key is not null
        and not exists (
            select 1
            from identifier
            where
                identifier.workspace_id = %(workspace_id)s
                and identifier.kind = arrival.kind
                and identifier.key = arrival.key
                and identifier.acts
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
),

named as (
    insert into identifier (workspace_id, kind, key, sealed, customer_id, first_seen_at)
    select
        %(workspace_id)s,
        numbered.kind,
        numbered.key,
        -- Contact data is sealed once its part has a key.
        case when numbered.kind in ('email', 'phone') then ''::bytea end,
        numbered.customer_id,
        numbered.first_seen_at
    from numbered
    on conflict (workspace_id, kind, key) do update
        set customer_id = excluded.customer_id, part_id = null, acts = true
)

insert into touched (kind, key)
select
    numbered.kind,
    numbered.key
from numbered
where exists (
    select 1
    from identity_link
    where
        identity_link.workspace_id = %(workspace_id)s
        -- What an alias calls its previous id may turn out to be an external one.
        and identity_link.from_kind
        = case numbered.kind when 'external' then 'anonymous' else numbered.kind end
        and identity_link.from_key = numbered.key
)
