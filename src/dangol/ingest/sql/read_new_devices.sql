-- Read the devices of this tick that are new, have a new token, or are used by somebody else now.
-- Reads tick_event, device, customer_key.
-- Known ones are left out, so that an app that says its token with every event costs next to
-- nothing. Of a device that was refused, only another token counts.
select distinct on (contact.device)
    tick_event.part_id as customer_id,
    contact.kind,
    contact.key,
    decode(contact.sealed, 'base64') as sealed,
    customer_key.wrapped,
    contact.device,
    contact.platform,
    tick_event.occurred_at as registered_at
from tick_event
cross join
    lateral jsonb_to_recordset(tick_event.contacts) as contact (
        kind text, key text, sealed text, device text, platform text
    )
left join customer_key on tick_event.part_id = customer_key.customer_id
left join device
    on
        device.workspace_id = %(workspace_id)s
        and contact.device = device.key
where
    tick_event.contacts <> '[]'
    and contact.kind = 'push'
    and contact.device is not null
    and (
        device.key is null
        or (
            tick_event.occurred_at > device.registered_at
            and (
                contact.key <> device.token_key
                or (device.state = 'active' and tick_event.part_id <> device.customer_id)
            )
        )
    )
order by contact.device asc, tick_event.occurred_at desc, tick_event.event_id desc
