-- Skip advertising to who ignores every channel but still visits, but for one message now and then.
-- Reads silence, workspace, message, receipt. Writes candidate. Locks nothing.
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
                order by
                    candidate.priority desc,
                    candidate.expected_value desc,
                    candidate.planned_at,
                    candidate.message_id
            ) - 1
        end as competing
    from candidate
    inner join workspace on workspace.id = %(workspace_id)s
    where
        candidate.verdict is null
        and candidate.purpose = 'marketing'
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

update candidate
set
    verdict = 'skip',
    reasons = array_append(candidate.reasons, 'reduced')
from over
where candidate.message_id = over.message_id
