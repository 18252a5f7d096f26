-- Let the owners of changed devices, and their heads, be reached at their newest active one.
-- Reads customer, device. Writes address. Locks the addresses it changes.
with person as (
    select customer.id as person_id
    from customer
    where customer.id = any(%(customer_ids)s::bigint[])
    union
    select customer.head_id as person_id
    from customer
    where customer.id = any(%(customer_ids)s::bigint[]) and customer.head_id is not null
),

part as (
    select
        person.person_id,
        person.person_id as part_id
    from person
    union all
    select
        person.person_id,
        customer.id as part_id
    from person
    inner join customer on person.person_id = customer.head_id
),

newest as (
    select distinct on (part.person_id)
        part.person_id,
        device.workspace_id,
        device.token_key,
        device.sealed,
        device.key_of,
        device.registered_at
    from part
    inner join device on part.part_id = device.customer_id
    where device.state = 'active'
    order by part.person_id asc, device.registered_at desc, device.token_key desc
),

gone as (
    delete from address
    using person
    where
        address.customer_id = person.person_id
        and address.channel = 'push'
        and not exists (
            select 1
            from newest
            where newest.person_id = address.customer_id
        )
)

insert into address (workspace_id, customer_id, channel, key, sealed, key_of, changed_at)
select
    newest.workspace_id,
    newest.person_id,
    'push',
    newest.token_key,
    newest.sealed,
    newest.key_of,
    newest.registered_at
from newest
order by newest.person_id
on conflict (customer_id, channel) do update
    set
        key = excluded.key,
        sealed = excluded.sealed,
        key_of = excluded.key_of,
        state = 'reachable',
        changed_at = excluded.changed_at
