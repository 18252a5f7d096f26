-- Let each customer be reached at the e-mail address and the number last given; a new one is taken
-- as reachable. A number is the address of three channels.
-- Reads tick_event, tick_contact. Writes address.
-- The address they have already keeps its seal, and takes the later time.
insert into address (workspace_id, customer_id, channel, key, sealed, key_of, changed_at)
select distinct on (tick_event.part_id, way.channel)
    %(workspace_id)s,
    tick_event.part_id,
    way.channel,
    contact.key,
    coalesce(fresh.sealed, known.sealed),
    coalesce(fresh.customer_id, known.key_of),
    tick_event.occurred_at
from tick_event
cross join
    lateral jsonb_to_recordset(tick_event.contacts) as contact (
        kind identifier_kind, key text, sealed text
    )
inner join
    (
        values
        ('email'::identifier_kind, 'email'::channel),
        ('phone', 'sms'),
        ('phone', 'kakao_alimtalk'),
        ('phone', 'kakao_brand')
    ) as way (kind, channel)
    on contact.kind = way.kind
left join tick_contact as fresh
    on
        tick_event.part_id = fresh.customer_id
        and contact.kind = fresh.kind
        and contact.key = fresh.key
left join address as known
    on
        tick_event.part_id = known.customer_id
        and way.channel = known.channel
        and contact.key = known.key
where tick_event.contacts <> '[]'
order by tick_event.part_id, way.channel, tick_event.occurred_at desc, contact.key desc
on conflict (customer_id, channel) do update
    set
        key = excluded.key,
        sealed = excluded.sealed,
        key_of = excluded.key_of,
        state = case when address.key = excluded.key then address.state else 'reachable' end,
        changed_at = excluded.changed_at
    where (excluded.changed_at, excluded.key) > (address.changed_at, address.key)
