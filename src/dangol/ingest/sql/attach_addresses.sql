-- Let each customer be reached at the e-mail address last given; a new one is taken as reachable.
-- Reads tick_event. Writes address.
insert into address (workspace_id, customer_id, channel, key, sealed, changed_at)
select distinct on (tick_event.part_id)
    %(workspace_id)s,
    tick_event.part_id,
    'email',
    contact.key,
    decode(contact.sealed, 'base64'),
    tick_event.occurred_at
from tick_event
cross join
    lateral jsonb_to_recordset(tick_event.contacts) as contact (
        kind identifier_kind, key text, sealed text
    )
where tick_event.contacts <> '[]' and contact.kind = 'email'
order by tick_event.part_id, tick_event.occurred_at desc, contact.key desc
on conflict (customer_id, channel) do update
    set
        key = excluded.key,
        sealed = excluded.sealed,
        state = case when address.key = excluded.key then address.state else 'reachable' end,
        changed_at = excluded.changed_at
    where (excluded.changed_at, excluded.key) > (address.changed_at, address.key)
