-- Let a new e-mail address or phone number belong to the customer it first comes with.
-- Reads tick_event, tick_contact, identifier. Writes identifier.
-- One by which a customer was created in this tick has its owner already, and lacks only its seal.
insert into identifier (workspace_id, kind, key, sealed, key_of, customer_id, first_seen_at)
select distinct on (contact.kind, contact.key)
    %(workspace_id)s,
    contact.kind,
    contact.key,
    contact.sealed,
    contact.customer_id as key_of,
    tick_event.customer_id,
    tick_event.occurred_at
from tick_contact as contact
inner join tick_event
    on
        contact.customer_id = tick_event.customer_id
        and tick_event.contacts
        @> jsonb_build_array(jsonb_build_object('kind', contact.kind, 'key', contact.key))
left join identifier
    on
        identifier.workspace_id = %(workspace_id)s
        and contact.kind = identifier.kind
        and contact.key = identifier.key
order by
    contact.kind,
    contact.key,
    coalesce(identifier.customer_id <> tick_event.customer_id, false),
    tick_event.event_id
on conflict (workspace_id, kind, key) do update
    set sealed = excluded.sealed, key_of = excluded.key_of
    where identifier.sealed = ''
