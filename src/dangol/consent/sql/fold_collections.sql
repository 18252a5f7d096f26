-- Make what may be collected of these customers be what their ledger says.
-- Reads customer, consent_entry. Writes collection_consent. Locks the rows it changes.
-- By the rules of fold_entries.sql: the last word counts, "no" wins at the same instant and among
-- parts, and an import cannot give back what the customer took away.
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
        coalesce(customer.keeps_id, customer.id) as person_id,
        customer.joined_at
    from asked
    inner join customer on asked.head_id = customer.id or asked.head_id = customer.head_id
),

word as (
    select
        listener.head_id,
        listener.person_id,
        consent_entry.id,
        consent_entry.collection,
        consent_entry.occurred_at,
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
    where listener.id = listener.person_id and consent_entry.collection is not null
),

own_word as (
    select distinct on (word.person_id, word.collection)
        word.person_id,
        word.collection,
        word.state
    from word
    where not word.imported
    order by
        word.person_id, word.collection, word.occurred_at desc, word.state desc, word.id desc
),

last_word as (
    select distinct on (word.person_id, word.collection)
        word.head_id,
        word.id,
        word.collection,
        word.occurred_at,
        word.state
    from word
    left join own_word
        on word.person_id = own_word.person_id and word.collection = own_word.collection
    where
        not word.imported
        or word.state <> 'granted'
        or coalesce(own_word.state, 'granted') = 'granted'
    order by
        word.person_id, word.collection, word.occurred_at desc, word.state desc, word.id desc
)

insert into collection_consent (
    workspace_id, customer_id, purpose_name, state, since, entry_id
)
select distinct on (last_word.head_id, last_word.collection)
    %(workspace_id)s,
    last_word.head_id,
    last_word.collection,
    last_word.state,
    last_word.occurred_at,
    last_word.id
from last_word
order by
    last_word.head_id,
    last_word.collection,
    (last_word.state = 'granted'),
    last_word.occurred_at desc,
    last_word.state desc,
    last_word.id desc
on conflict (customer_id, purpose_name) do update
    set state = excluded.state, since = excluded.since, entry_id = excluded.entry_id
    where
    (collection_consent.state, collection_consent.since, collection_consent.entry_id)
    is distinct from (excluded.state, excluded.since, excluded.entry_id)
