-- Read the contacts of this tick that are new to their parts, as the inbox has sealed them.
-- Reads tick_event, identifier, address, customer_key.
-- Known ones are left out, so that a customer who comes back costs nothing.
select distinct on (tick_event.part_id, contact.kind, contact.key)
    tick_event.part_id as customer_id,
    contact.kind::text as kind,
    contact.key,
    decode(contact.sealed, 'base64') as sealed,
    customer_key.wrapped
from tick_event
cross join
    lateral jsonb_to_recordset(tick_event.contacts) as contact (
        kind identifier_kind, key text, sealed text
    )
left join customer_key on tick_event.part_id = customer_key.customer_id
left join identifier
    on
        identifier.workspace_id = %(workspace_id)s
        and contact.kind = identifier.kind
        and contact.key = identifier.key
left join address
    on
        tick_event.part_id = address.customer_id
        and address.channel = case contact.kind when 'email' then 'email' else 'sms' end::channel
        and contact.key = address.key
where
    tick_event.contacts <> '[]'
    and (
        identifier.sealed = ''
        or (contact.kind in ('email', 'phone') and address.key is null)
    )
order by tick_event.part_id, contact.kind, contact.key, tick_event.event_id
