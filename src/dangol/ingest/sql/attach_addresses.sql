-- Let each customer be reached at the e-mail address last given; a new one is taken as reachable.
-- Reads tick_event, tick_contact. Writes address.
-- The address they have already keeps its seal, and takes the later time.
insert into address (workspace_id, customer_id, channel, key, sealed, key_of, changed_at)
select distinct on (tick_event.part_id)
    %(workspace_id)s,
    tick_event.part_id,
    'email',
    contact.key,
    coalesce(fresh.sealed, known.sealed),
    coalesce(fresh.customer_id, known.key_of),
    tick_event.occurred_at
from tick_event
cross join
    lateral jsonb_to_recordset(tick_event.contacts) as contact (
        kind identifier_kind, key text, sealed text
    )
left join tick_contact as fresh
    on
        tick_event.part_id = fresh.customer_id
        and fresh.kind = 'email'
        and contact.key = fresh.key
left join address as known
    on
        tick_event.part_id = known.customer_id
        and known.channel = 'email'
        and contact.key = known.key
where tick_event.contacts <> '[]' and contact.kind = 'email'
order by tick_event.part_id, tick_event.occurred_at desc, contact.key desc
on conflict (customer_id, channel) do update
    set
        key = excluded.key,
        sealed = excluded.sealed,
        key_of = excluded.key_of,
        state = case when address.key = excluded.key then address.state else 'reachable' end,
        changed_at = excluded.changed_at
    where (excluded.changed_at, excluded.key) > (address.changed_at, address.key)
