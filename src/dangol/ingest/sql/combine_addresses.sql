-- Let each changed head be reached where any of its parts was last said to be.
-- Reads changed_head, customer, address. Writes address. Locks the addresses it changes.
with given as (
    select distinct on (part.head_id, address.channel)
        part.head_id,
        address.channel,
        address.key,
        address.sealed,
        address.key_of,
        address.state,
        address.changed_at
    from changed_head
    inner join customer as part on changed_head.head_id = part.head_id
    inner join address on part.id = address.customer_id
    order by
        part.head_id,
        address.channel,
        address.changed_at desc,
        address.key desc,
        address.state desc
),

gone as (
    delete from address
    using customer as kept, changed_head
    where
        address.customer_id = changed_head.head_id
        and kept.keeps_id = changed_head.head_id
        and not exists (
            select 1
            from given
            where given.head_id = address.customer_id and given.channel = address.channel
        )
)

insert into address (workspace_id, customer_id, channel, key, sealed, key_of, state, changed_at)
select
    %(workspace_id)s,
    given.head_id,
    given.channel,
    given.key,
    given.sealed,
    given.key_of,
    given.state,
    given.changed_at
from given
on conflict (customer_id, channel) do update
    set
        key = excluded.key,
        sealed = excluded.sealed,
        key_of = excluded.key_of,
        state = excluded.state,
        changed_at = excluded.changed_at
