-- Make the consents of these customers say what their ledger says; return those that changed.
-- Reads customer, consent_entry. Writes consent. Locks the consents it changes.
-- The last word counts; at the same instant "no" is the last word. An import is what somebody
-- claims the customer once said: it may take consent away, but while the customer's own last word
-- is no, it cannot give it back.
-- Consent for the night ends with the consent itself, and does not come back with it.
-- Of a customer with parts, what each part said before it was joined speaks for that part only,
-- and later words for all that were joined by then. Where the parts differ, "no" holds.
with asked as (
    select distinct coalesce(customer.head_id, customer.id) as head_id
    from customer
    where
        customer.workspace_id = %(workspace_id)s
        and customer.id = any(%(customer_ids)s::bigint[])
),

part as (
    select
        asked.head_id,
        customer.id,
        customer.id as person_id,
        customer.joined_at
    from asked
    inner join customer on asked.head_id = customer.id
    union all
    select
        asked.head_id,
        customer.id,
        coalesce(customer.keeps_id, customer.id),
        customer.joined_at
    from asked
    inner join customer on asked.head_id = customer.head_id
),

word as (
    select
        listener.head_id,
        listener.person_id,
        consent_entry.id,
        consent_entry.channel,
        consent_entry.purpose,
        consent_entry.occurred_at,
        consent_entry.action,
        consent_entry.action = 'import' as imported,
        case consent_entry.action
            when 'grant' then 'granted'
            when 'refuse' then 'refused'
            when 'withdraw' then 'withdrawn'
            when 'import' then consent_entry.imported_state
        end as state
    from part as speaker
    inner join consent_entry on speaker.id = consent_entry.customer_id
    inner join part as listener
        on
            speaker.head_id = listener.head_id
            and (
                speaker.person_id = listener.person_id
                or consent_entry.occurred_at
                >= coalesce(greatest(speaker.joined_at, listener.joined_at), '-infinity')
            )
    where listener.id = listener.person_id and consent_entry.collection is null
),

own_word as (
    select distinct on (word.person_id, word.channel, word.purpose)
        word.person_id,
        word.channel,
        word.purpose,
        word.state
    from word
    where not word.imported and word.state is not null
    order by
        word.person_id,
        word.channel,
        word.purpose,
        word.occurred_at desc,
        word.state desc,
        word.id desc
),

last_word as (
    select distinct on (word.person_id, word.channel, word.purpose)
        word.head_id,
        word.person_id,
        word.id,
        word.channel,
        word.purpose,
        word.occurred_at,
        word.state
    from word
    left join own_word
        on
            word.person_id = own_word.person_id
            and word.channel = own_word.channel
            and word.purpose = own_word.purpose
    where
        word.state is not null
        and (
            not word.imported
            or word.state <> 'granted'
            or coalesce(own_word.state, 'granted') = 'granted'
        )
    order by
        word.person_id,
        word.channel,
        word.purpose,
        word.occurred_at desc,
        word.state desc,
        word.id desc
),

-- What else was said: when it was confirmed last, and from when on the nights are open or closed.
beside as (
    select
        word.person_id,
        word.channel,
        word.purpose,
        max(word.occurred_at) filter (
            where word.action in ('renew', 'reconfirm_sent')
        ) as confirmed_at,
        max(word.occurred_at) filter (where word.action = 'night_grant') as opened_at,
        max(word.occurred_at) filter (where word.action = 'night_withdraw') as closed_at,
        max(word.occurred_at) filter (where word.state <> 'granted') as ended_at
    from word
    group by word.person_id, word.channel, word.purpose
),

person_word as (
    select
        last_word.head_id,
        last_word.id,
        last_word.channel,
        last_word.purpose,
        last_word.occurred_at,
        last_word.state,
        case
            when last_word.state = 'granted'
                then greatest(last_word.occurred_at, beside.confirmed_at)
        end as confirmed_at,
        -- Null while they never said anything about the night.
        case
            when beside.opened_at is not null
                then
                    beside.opened_at
                    > coalesce(greatest(beside.closed_at, beside.ended_at), '-infinity')
            when beside.closed_at is not null then false
        end as night
    from last_word
    inner join beside
        on
            last_word.person_id = beside.person_id
            and last_word.channel = beside.channel
            and last_word.purpose = beside.purpose
)

insert into consent (
    workspace_id, customer_id, channel, purpose, state, since, night, confirmed_at, entry_id
)
select distinct on (person_word.head_id, person_word.channel, person_word.purpose)
    %(workspace_id)s,
    person_word.head_id,
    person_word.channel,
    person_word.purpose,
    person_word.state,
    person_word.occurred_at,
    person_word.state = 'granted' and coalesce(bool_and(person_word.night) over (
        partition by person_word.head_id, person_word.channel, person_word.purpose
    ), false),
    person_word.confirmed_at,
    person_word.id
from person_word
order by
    person_word.head_id,
    person_word.channel,
    person_word.purpose,
    (person_word.state = 'granted'),
    person_word.occurred_at desc,
    person_word.state desc,
    person_word.id desc
on conflict (customer_id, channel, purpose) do update
    set
        state = excluded.state,
        since = excluded.since,
        night = excluded.night,
        confirmed_at = excluded.confirmed_at,
        entry_id = excluded.entry_id
    where
    (consent.state, consent.since, consent.night, consent.confirmed_at, consent.entry_id)
    is distinct from
    (excluded.state, excluded.since, excluded.night, excluded.confirmed_at, excluded.entry_id)
returning customer_id, channel, purpose, state
