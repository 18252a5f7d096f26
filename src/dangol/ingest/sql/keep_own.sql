-- Give every customer who becomes a head a part that keeps what they did so far.
-- Reads person_move. Writes customer, identifier, activity, device, address. Locks what it moves.
with becoming as (
    select distinct person_move.to_id as head_id
    from person_move
    where
        person_move.person_id <> person_move.to_id
        and not exists (
            select 1
            from customer as kept
            where kept.keeps_id = person_move.to_id
        )
),

numbered as (
    select
        becoming.head_id,
        nextval(pg_get_serial_sequence('customer', 'id')) as part_id
    from becoming
),

kept as (
    insert into customer (
        id, workspace_id, state, first_seen_at, last_seen_at, traits, traits_at, head_id, keeps_id,
        joined_at, locale, country, time_zone
    )
    overriding system value
    select
        numbered.part_id,
        head.workspace_id,
        'merged',
        head.first_seen_at,
        head.last_seen_at,
        head.traits,
        head.traits_at,
        head.id as head_id,
        head.id as keeps_id,
        head.joined_at,
        head.locale,
        head.country,
        head.time_zone
    from numbered
    inner join customer as head on numbered.head_id = head.id
),

renamed as (
    update identifier
    set part_id = numbered.part_id
    from numbered
    where
        identifier.part_id = numbered.head_id
        -- Who was never placed is their own part, and says so by naming none.
        or (
            identifier.part_id is null
            and identifier.acts
            and identifier.customer_id = numbered.head_id
        )
),

counted as (
    update activity
    set customer_id = numbered.part_id
    from numbered
    where activity.customer_id = numbered.head_id
),

carried as (
    update device
    set customer_id = numbered.part_id
    from numbered
    where device.customer_id = numbered.head_id
)

update address
set customer_id = numbered.part_id
from numbered
where address.customer_id = numbered.head_id
