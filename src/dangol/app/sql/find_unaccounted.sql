-- Messages whose state is not what their last decision and delivery say, and messages that their
-- enrollment did not count; an empty answer means that nobody was silently skipped.
-- An enrollment counts what it wrote and called, too: those steps are on its trail, whose last 500
-- are kept.
-- Reads message, decision, delivery, enrollment, journey_step.
with last_decision as (
    select distinct on (message_id)
        message_id,
        verdict
    from decision
    where workspace_id = %(workspace_id)s
    order by message_id asc, evaluation desc
),

last_delivery as (
    select distinct on (message_id)
        message_id,
        state
    from delivery
    where workspace_id = %(workspace_id)s
    order by message_id asc, attempt desc
),

counted as (
    select
        enrollment_id,
        count(*) as messages
    from message
    where workspace_id = %(workspace_id)s
    group by enrollment_id
),

quiet as (
    select
        enrollment.id as enrollment_id,
        count(*) as steps
    from enrollment
    cross join lateral unnest(enrollment.trail) as passed (step_id)
    inner join journey_step on passed.step_id = journey_step.id
    where
        enrollment.workspace_id = %(workspace_id)s
        and journey_step.kind in ('update', 'enter')
    group by enrollment.id
)

select
    'state' as law,
    message.journey_id,
    message.step_number,
    count(*) as violations
from message
left join last_decision on message.id = last_decision.message_id
left join last_delivery on message.id = last_delivery.message_id
where
    message.workspace_id = %(workspace_id)s
    and not coalesce(
        case message.state
            when 'planned' then last_decision.verdict is null
            when 'held' then last_decision.verdict = 'hold'
            when 'skipped' then last_decision.verdict = 'skip'
            when 'allowed'
                then
                    last_decision.verdict = 'allow'
                    and coalesce(last_delivery.state in ('released', 'retryable'), true)
            when 'handed'
                then
                    last_decision.verdict = 'allow'
                    and last_delivery.state in ('claimed', 'calling', 'accepted', 'unknown')
            when 'failed' then
                last_decision.verdict = 'allow'
                and last_delivery.state in ('rejected', 'retryable', 'unknown')
        end,
        false
    )
group by message.journey_id, message.step_number
union all
select
    'audience',
    enrollment.journey_id,
    0,
    sum(abs(enrollment.planned - coalesce(quiet.steps, 0) - coalesce(counted.messages, 0)))
from enrollment
left join counted on enrollment.id = counted.enrollment_id
left join quiet on enrollment.id = quiet.enrollment_id
where
    enrollment.workspace_id = %(workspace_id)s
    and cardinality(enrollment.trail) < 500
    and enrollment.planned <> coalesce(quiet.steps, 0) + coalesce(counted.messages, 0)
group by enrollment.journey_id
