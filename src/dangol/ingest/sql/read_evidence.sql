-- Read which identifiers came together: every event links the weaker ones to its strongest.
-- Reads arrival. Writes evidence.
insert into evidence (from_kind, from_key, to_kind, to_key, source, occurred_at)
select
    carried.kind as from_kind,
    carried.key as from_key,
    arrival.kind as to_kind,
    arrival.key as to_key,
    carried.source,
    min(arrival.occurred_at)
from arrival
cross join
    lateral (
        select
            'anonymous'::identifier_kind as kind,
            arrival.anonymous_id as key,
            case arrival.type when 'alias' then 'alias' else 'event' end::link_source as source
        where
            arrival.kind = 'external'
            and arrival.anonymous_id is not null
            and (arrival.type <> 'alias' or arrival.anonymous_id <> arrival.key)
        union all
        select
            contact.kind,
            contact.key,
            'event'
        from
            jsonb_to_recordset(arrival.contacts)
                as contact (
                    kind identifier_kind, key text
                )
        where
            arrival.contacts <> '[]'
            and contact.kind > arrival.kind
            -- A token identifies nobody.
            and contact.kind <> 'push'
    ) as carried
where
    arrival.key is not null
    and (arrival.contacts <> '[]' or arrival.anonymous_id is not null)
group by carried.kind, carried.key, arrival.kind, arrival.key, carried.source
