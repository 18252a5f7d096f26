-- Hear what the events of this batch say about collecting, under every name their speaker has.
-- Reads arrival, identifier, customer. Writes spoken.
insert into spoken (subject, written_by, event_id, purpose_name, said_at, granted, firm)
select
    subject.name,
    arrival.written_by,
    arrival.event_id,
    item.value ->> 'collection',
    least(arrival.occurred_at, arrival.received_at),
    coalesce(item.value ->> 'imported_state', item.value ->> 'action') in ('grant', 'granted'),
    (item.value ->> 'action') = 'grant' and (item.value ->> 'occurred_at') is null
from arrival
left join identifier
    on
        identifier.workspace_id = %(workspace_id)s
        and arrival.kind = identifier.kind
        and arrival.key = identifier.key
left join customer as own on arrival.customer_id = own.id
cross join
    lateral jsonb_array_elements(
        case jsonb_typeof(arrival.consents) when 'array' then arrival.consents else '[]' end
    ) as item (value)
cross join
    lateral (
        values
        ('customer:' || coalesce(own.head_id, own.id, identifier.customer_id)),
        (arrival.kind || ':' || arrival.key),
        ('anonymous:' || arrival.anonymous_id)
    ) as subject (name)
where
    arrival.consents <> '[]'
    and (item.value ->> 'collection') is not null
    and (item.value ->> 'action') in ('grant', 'refuse', 'withdraw', 'import')
    and subject.name is not null
