-- Let a new e-mail address or phone number belong to the customer it first comes with.
-- Reads tick_event. Writes identifier.
insert into identifier (workspace_id, kind, key, sealed, customer_id, first_seen_at)
select distinct on (contact.kind, contact.key)
    %(workspace_id)s,
    contact.kind,
    contact.key,
    decode(contact.sealed, 'base64'),
    tick_event.customer_id,
    tick_event.occurred_at
from tick_event
cross join
    lateral jsonb_to_recordset(tick_event.contacts) as contact (
        kind identifier_kind, key text, sealed text
    )
where tick_event.contacts <> '[]'
order by contact.kind, contact.key, tick_event.event_id
on conflict (workspace_id, kind, key) do nothing
