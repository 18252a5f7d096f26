-- Keep counting, for silences, the advertising that goes: what left since somebody last reacted.
-- Reads message, receipt, consent, silence_total. Writes silence_total.
-- Locks the totals it changes.
with gone as (
    select
        message.customer_id,
        message.channel,
        message.allowed_at
    from message
    where
        message.id = any(%(ids)s::bigint[])
        and message.purpose = 'marketing'
        and message.state = 'handed'
),

person as (
    select distinct
        gone.customer_id,
        gone.channel
    from gone
),

heard as (
    select
        person.customer_id,
        person.channel,
        max(receipt.occurred_at) as at
    from person
    inner join receipt on person.customer_id = receipt.customer_id
    inner join message on receipt.message_id = message.id and person.channel = message.channel
    where
        receipt.kind in ('opened', 'clicked', 'replied')
        and receipt.human_confidence >= 0.5
    group by person.customer_id, person.channel
),

turned as (
    select
        person.customer_id,
        person.channel,
        greatest(heard.at, silence_total.heard_at) as heard_at,
        coalesce(
            greatest(heard.at, silence_total.heard_at, consent.since, consent.confirmed_at),
            '-infinity'
        ) as at
    from person
    left join heard
        on person.customer_id = heard.customer_id and person.channel = heard.channel
    left join silence_total
        on
            person.customer_id = silence_total.customer_id
            and person.channel = silence_total.channel
    left join consent
        on
            person.customer_id = consent.customer_id
            and person.channel = consent.channel
            and consent.purpose = 'marketing'
)

insert into silence_total as kept (
    workspace_id, customer_id, channel, messages, since, until, heard_at
)
select
    %(workspace_id)s,
    turned.customer_id,
    turned.channel,
    count(gone.allowed_at),
    min(gone.allowed_at),
    max(gone.allowed_at),
    turned.heard_at
from turned
left join gone
    on
        turned.customer_id = gone.customer_id
        and turned.channel = gone.channel
        and turned.at < gone.allowed_at
group by turned.customer_id, turned.channel, turned.heard_at
order by turned.customer_id, turned.channel
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
