-- Skip advertising to who ignores every channel but still visits, but for one message now and then.
-- Reads competitor, candidate, objection, silence, workspace, message, receipt.
-- Writes objection. Locks nothing.
-- A visitor who is chased leaves. Who has reacted since is heard as before.
with contender as (
    select
        candidate.message_id,
        candidate.customer_id,
        candidate.allowed_at,
        workspace.reduced_days,
        case
            when candidate.allowed_at is not null then 0
            else row_number() over (
                partition by candidate.customer_id, candidate.allowed_at is null
                order by competitor.place
            ) - 1
        end as competing
    from competitor
    inner join candidate on competitor.message_id = candidate.message_id
    inner join workspace on workspace.id = %(workspace_id)s
    where
        not exists (
            select
            from objection
            where objection.message_id = candidate.message_id
        )
        and exists (
            select
            from silence
            where
                silence.customer_id = candidate.customer_id
                and silence.visits
                and not exists (
                    select
                    from receipt
                    where
                        receipt.customer_id = silence.customer_id
                        and receipt.occurred_at > silence.noted_at
                        and receipt.kind in ('opened', 'clicked', 'replied')
                        and receipt.human_confidence >= 0.5
                )
        )
),

over as (
    select contender.message_id
    from contender
    where
        contender.competing > 0
        or exists (
            select
            from message
            where
                message.customer_id = contender.customer_id
                and message.purpose = 'marketing'
                and message.state in ('allowed', 'handed')
                and message.id <> contender.message_id
                and message.allowed_at
                > %(now)s::timestamptz - make_interval(days => contender.reduced_days)
                and (
                    contender.allowed_at is null
                    or (message.allowed_at, message.id)
                    < (contender.allowed_at, contender.message_id)
                )
        )
)

insert into objection (rule, message_id, verdict, reason)
select
    %(rule)s::integer,
    over.message_id,
    'skip',
    'reduced'
from over
