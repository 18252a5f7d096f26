-- Find the events, and the traits they carry, for which a consent to collect is missing.
-- Reads arrival, collection_purpose, identifier, collection_consent, spoken. Writes withheld.
-- Where a visitor's device and their account have said different things, "no" holds. A word of this
-- batch counts from its event on, and where it is later than what the ledger knows. An identifier
-- that tells whose the event is goes or stays with the event.
with said_trait as (
    select
        arrival.event_id,
        said.trait
    from arrival
    cross join lateral jsonb_object_keys(arrival.traits) as said (trait)
    where arrival.customer_id is null and arrival.traits <> '{}'
    union all
    select
        arrival.event_id,
        said.contact ->> 'kind'
    from arrival
    cross join lateral jsonb_array_elements(arrival.contacts) as said (contact)
    where
        arrival.customer_id is null
        and arrival.contacts <> '[]'
        and said.contact ->> 'kind' <> arrival.kind::text
),

event_cover as (
    select
        named.name,
        purpose.name as purpose_name,
        purpose.without_consent
    from (
        select distinct arrival.name
        from arrival
        where arrival.customer_id is null
    ) as named
    inner join collection_purpose as purpose
        on purpose_of_event(%(workspace_id)s, named.name) = purpose.id
    where purpose.basis = 'consent'
),

trait_cover as (
    select
        named.trait,
        purpose.name as purpose_name,
        purpose.without_consent
    from (select distinct said_trait.trait from said_trait) as named
    inner join collection_purpose as purpose
        on purpose_of_trait(%(workspace_id)s, named.trait) = purpose.id
    where purpose.basis = 'consent'
),

asked as (
    select
        arrival.event_id,
        '' as trait,
        event_cover.purpose_name,
        event_cover.without_consent
    from arrival
    inner join event_cover on arrival.name = event_cover.name
    where arrival.customer_id is null
    union all
    select
        said_trait.event_id,
        said_trait.trait,
        trait_cover.purpose_name,
        trait_cover.without_consent
    from said_trait
    inner join trait_cover on said_trait.trait = trait_cover.trait
),

person as (
    select
        arrival.event_id,
        arrival.written_by,
        arrival.consents <> '[]' as carries,
        strong.customer_id as strong_id,
        weak.customer_id as weak_id,
        array_remove(
            array[
                'customer:' || strong.customer_id,
                'customer:' || weak.customer_id,
                arrival.kind || ':' || arrival.key,
                'anonymous:' || arrival.anonymous_id
            ],
            null
        ) as subjects
    from arrival
    left join identifier as strong
        on
            strong.workspace_id = %(workspace_id)s
            and arrival.kind = strong.kind
            and arrival.key = strong.key
    left join identifier as weak
        on
            weak.workspace_id = %(workspace_id)s
            and weak.kind = 'anonymous'
            and arrival.anonymous_id = weak.key
    where arrival.customer_id is null
),

stood as (
    select
        asked.event_id,
        asked.trait,
        asked.purpose_name,
        asked.without_consent,
        person.written_by,
        person.carries,
        person.subjects,
        strong_word.state = 'granted' or weak_word.state = 'granted' as granted,
        greatest(
            case when strong_word.state <> 'granted' then strong_word.since end,
            case when weak_word.state <> 'granted' then weak_word.since end
        ) as denied_at,
        greatest(strong_word.since, weak_word.since) as since
    from asked
    inner join person on asked.event_id = person.event_id
    left join collection_consent as strong_word
        on
            person.strong_id = strong_word.customer_id
            and asked.purpose_name = strong_word.purpose_name
    left join collection_consent as weak_word
        on
            person.weak_id = weak_word.customer_id
            and asked.purpose_name = weak_word.purpose_name
)

insert into withheld (event_id, trait, purpose_name, without_consent, carries)
select
    stood.event_id,
    stood.trait,
    stood.purpose_name,
    stood.without_consent,
    stood.carries
from stood
left join
    lateral (
        select
            spoken.granted,
            spoken.said_at
        from unnest(stood.subjects) as named (subject)
        inner join spoken on named.subject = spoken.subject
        where
            spoken.purpose_name = stood.purpose_name
            and (spoken.written_by, spoken.event_id) <= (stood.written_by, stood.event_id)
            and (spoken.firm or not spoken.granted or stood.denied_at is null)
        order by spoken.said_at desc, spoken.granted
        limit 1
    ) as word
    on true
where
    not coalesce(
        case
            when word.granted
                then coalesce(word.said_at > stood.denied_at, true)
            when not word.granted
                then
                    coalesce(stood.granted, false)
                    and stood.denied_at is null
                    and stood.since > word.said_at
            else stood.granted and stood.denied_at is null
        end,
        false
    )
