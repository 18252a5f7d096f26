-- Make the consents of these customers say what their ledger says; return those that changed.
-- Reads consent_entry. Writes consent. Locks the consents it changes, in order of customer.
-- The last word counts; at the same instant "no" is the last word. An import is what somebody
-- claims the customer once said: it may take consent away, but while the customer's own last word
-- is no, it cannot give it back.
with word as (
    select
        consent_entry.id,
        consent_entry.customer_id,
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
    from consent_entry
    where
        consent_entry.workspace_id = %(workspace_id)s
        and consent_entry.customer_id = any(%(customer_ids)s::bigint[])
),

own_word as (
    select distinct on (word.customer_id, word.channel, word.purpose)
        word.customer_id,
        word.channel,
        word.purpose,
        word.state
    from word
    where not word.imported
    order by
        word.customer_id,
        word.channel,
        word.purpose,
        word.occurred_at desc,
        (word.state <> 'granted') desc,
        word.id desc
)

insert into consent (workspace_id, customer_id, channel, purpose, state, since, entry_id)
select distinct on (word.customer_id, word.channel, word.purpose)
    %(workspace_id)s,
    word.customer_id,
    word.channel,
    word.purpose,
    word.state,
    word.occurred_at,
    word.id
from word
left join own_word
    on
        word.customer_id = own_word.customer_id
        and word.channel = own_word.channel
        and word.purpose = own_word.purpose
where
    not word.imported
    or word.state <> 'granted'
    or coalesce(own_word.state, 'granted') = 'granted'
order by
    word.customer_id,
    word.channel,
    word.purpose,
    word.occurred_at desc,
    (word.state <> 'granted') desc,
    word.id desc
on conflict (customer_id, channel, purpose) do update
    set
        state = excluded.state,
        since = excluded.since,
        entry_id = excluded.entry_id
    where
    (consent.state, consent.since, consent.entry_id)
    is distinct from (excluded.state, excluded.since, excluded.entry_id)
returning customer_id, channel, purpose, state
