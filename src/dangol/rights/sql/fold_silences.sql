-- Keep counting, for silences, the advertising that goes: what left since somebody last reacted.
-- Reads message, receipt, consent, customer, customer_merge, silence_total. Writes silence_total.
-- Locks the totals it changes.
-- Each total is of whom the message was first for: a part takes theirs along where they are told
-- apart again. While they are one, whoever of them reacts has reacted for all.
with old as (
    select
        message.id,
        message.customer_id as head_id,
        message.channel,
        message.allowed_at
    from message
    where
        message.id = any(%(ids)s::bigint[])
        and message.purpose = 'marketing'
        and message.state = 'handed'
),

brought as (
    select distinct on (old.id)
        old.id,
        customer_merge.part_id
    from old
    inner join customer_merge
        on old.head_id = customer_merge.head_id and old.id = any(customer_merge.message_ids)
    where customer_merge.undone_at is null
    -- Who became a part of a part brought less than that one.
    order by old.id, cardinality(customer_merge.message_ids), customer_merge.id
),

gone as (
    select
        coalesce(brought.part_id, old.head_id) as customer_id,
        old.head_id,
        old.channel,
        old.allowed_at
    from old
    left join brought on old.id = brought.id
),

person as (
    select distinct
        gone.head_id,
        gone.channel
    from gone
),

reaction as (
    select
        person.head_id,
        person.channel,
        receipt.occurred_at
    from person
    inner join receipt on person.head_id = receipt.customer_id
    inner join message on receipt.message_id = message.id and person.channel = message.channel
    where
        receipt.kind in ('opened', 'clicked', 'replied')
        and receipt.human_confidence >= 0.5
    union all
    select
        person.head_id,
        person.channel,
        silence_total.heard_at
    from person
    inner join customer
        on person.head_id = customer.id or person.head_id = customer.head_id
    inner join silence_total
        on customer.id = silence_total.customer_id and person.channel = silence_total.channel
),

heard as (
    select
        reaction.head_id,
        reaction.channel,
        max(reaction.occurred_at) as at
    from reaction
    group by reaction.head_id, reaction.channel
),

turned as (
    select
        person.head_id,
        person.channel,
        heard.at as heard_at,
        coalesce(greatest(heard.at, consent.since, consent.confirmed_at), '-infinity') as at
    from person
    left join heard on person.head_id = heard.head_id and person.channel = heard.channel
    left join consent
        on
            person.head_id = consent.customer_id
            and person.channel = consent.channel
            and consent.purpose = 'marketing'
)

insert into silence_total as kept (
    workspace_id, customer_id, channel, messages, since, until, heard_at
)
select
    %(workspace_id)s,
    gone.customer_id,
    gone.channel,
    count(*) filter (where turned.at < gone.allowed_at),
    min(gone.allowed_at) filter (where turned.at < gone.allowed_at),
    max(gone.allowed_at) filter (where turned.at < gone.allowed_at),
    max(turned.heard_at)
from gone
inner join turned on gone.head_id = turned.head_id and gone.channel = turned.channel
group by gone.customer_id, gone.channel
order by gone.customer_id, gone.channel
on conflict (customer_id, channel) do update
    set
        -- Whoever has reacted since what is counted begins anew.
        messages = excluded.messages + case
            when kept.until > coalesce(excluded.heard_at, '-infinity') then kept.messages
            else 0
        end,
        since = case
            when kept.until > coalesce(excluded.heard_at, '-infinity')
                then least(kept.since, excluded.since)
            else excluded.since
        end,
        until = case
            when kept.until > coalesce(excluded.heard_at, '-infinity')
                then greatest(kept.until, excluded.until)
            else excluded.until
        end,
        heard_at = excluded.heard_at
