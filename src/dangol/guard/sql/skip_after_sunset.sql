-- Skip advertising on a channel where the customer has long stopped reacting.
-- Reads candidate, silence, receipt, message, template. Writes objection. Locks nothing.
-- One last-chance message may still go. A reaction since, or a consent confirmed since, ends it.
with silent as (
    select
        candidate.message_id,
        candidate.customer_id,
        candidate.channel,
        candidate.last_chance,
        silence.since
    from candidate
    inner join silence
        on
            candidate.customer_id = silence.customer_id
            and candidate.channel = silence.channel
            and silence.sunset
    where
        candidate.purpose = 'marketing'
        and (candidate.confirmed_at is null or candidate.confirmed_at <= silence.noted_at)
        and not exists (
            select
            from receipt
            inner join message on receipt.message_id = message.id
            where
                receipt.customer_id = candidate.customer_id
                and receipt.occurred_at > silence.noted_at
                and receipt.kind in ('opened', 'clicked', 'replied')
                and receipt.human_confidence >= 0.5
                and message.channel = candidate.channel
        )
),

tried as (
    select silent.message_id
    from silent
    where
        not silent.last_chance
        or exists (
            select
            from message
            inner join template on message.template_id = template.id
            where
                message.customer_id = silent.customer_id
                and message.channel = silent.channel
                and message.state in ('allowed', 'handed')
                and message.allowed_at >= silent.since
                and message.id < silent.message_id
                and template.last_chance
        )
        or exists (
            select
            from silent as other
            where
                other.customer_id = silent.customer_id
                and other.channel = silent.channel
                and other.last_chance
                and other.message_id < silent.message_id
        )
)

insert into objection (rule, message_id, verdict, reason)
select
    %(rule)s::integer,
    tried.message_id,
    'skip',
    'sunset'
from tried
