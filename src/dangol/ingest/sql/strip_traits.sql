-- Take the traits that are withheld out of their events, here and in the inbox.
-- Reads withheld. Writes arrival, event. Locks the events it changes.
-- A contact that tells whose the event is stays with it.
with gone as (
    select
        withheld.event_id,
        array_agg(withheld.trait) as traits
    from withheld
    where withheld.trait <> ''
    group by withheld.event_id
),

kept as (
    select
        arrival.event_id,
        arrival.traits - gone.traits as traits,
        coalesce(
            (
                select jsonb_agg(contact.value)
                from jsonb_array_elements(arrival.contacts) as contact (value)
                left join unnest(gone.traits) as lost (trait)
                    on contact.value ->> 'kind' = lost.trait
                where lost.trait is null
            ),
            '[]'
        ) as contacts
    from arrival
    inner join gone on arrival.event_id = gone.event_id
),

stripped as (
    update arrival
    set traits = kept.traits, contacts = kept.contacts
    from kept
    where arrival.event_id = kept.event_id
    returning
        arrival.event_id,
        arrival.written_by,
        arrival.received_at,
        arrival.traits,
        arrival.contacts
)

update event
set traits = stripped.traits, contacts = stripped.contacts
from stripped
where
    event.workspace_id = %(workspace_id)s
    and event.written_by = stripped.written_by
    and event.id = stripped.event_id
    and event.received_at = stripped.received_at
