-- Make the consents of these customers say what their ledger says; return those that changed.
-- Reads customer, consent_entry. Writes consent. Locks the consents it changes.
-- The last word counts; at the same instant "no" is the last word. An import is what somebody
-- claims the customer once said: it may take consent away, but while the customer's own last word
-- is no, it cannot give it back.
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
        consent_entry.action = 'import' as imported,
        case consent_entry.action
            when 'grant' then 'granted'
            when 'refuse' then 'refused'
            when 'withdraw' then 'withdrawn'
            else consent_entry.imported_state
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
    where listener.id = listener.person_id
),

own_word as (
    select distinct on (word.person_id, word.channel, word.purpose)
        word.person_id,
        word.channel,
        word.purpose,
        word.state
    from word
    where not word.imported
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
        not word.imported
        or word.state <> 'granted'
        or coalesce(own_word.state, 'granted') = 'granted'
    order by
        word.person_id,
        word.channel,
        word.purpose,
        word.occurred_at desc,
        word.state desc,
        word.id desc
)

insert into consent (workspace_id, customer_id, channel, purpose, state, since, entry_id)
select distinct on (last_word.head_id, last_word.channel, last_word.purpose)
    %(workspace_id)s,
    last_word.head_id,
    last_word.channel,
    last_word.purpose,
    last_word.state,
    last_word.occurred_at,
    last_word.id
from last_word
order by
    last_word.head_id,
    last_word.channel,
    last_word.purpose,
    (last_word.state = 'granted'),
    last_word.occurred_at desc,
    last_word.state desc,
    last_word.id desc
on conflict (customer_id, channel, purpose) do update
    set
        state = excluded.state,
        since = excluded.since,
        entry_id = excluded.entry_id
    where
    (consent.state, consent.since, consent.entry_id)
    is distinct from (excluded.state, excluded.since, excluded.entry_id)
returning customer_id, channel, purpose, state
