-- Messages whose state is not what their last decision and delivery say, messages that their
-- enrollment did not count, rows that name what is not there, for which these tables have no
-- foreign keys, and devices that nobody is reached at; an empty answer means that nobody was
-- silently skipped.
-- Of several attempts the one counts that leads to no other.
-- Of a ladder each rung but the first stands below one that reached nobody; the enrollment counts
-- the first alone.
-- An enrollment counts what it wrote and called, too: those steps are on its trail, whose last 500
-- are kept.
-- Reads message, decision, delivery, receipt, enrollment, journey_rung, journey_step,
-- journey_version, customer, template, device, address.
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
    order by message_id asc, state in ('released', 'retryable') asc, attempt desc
),

counted as (
    select
        enrollment_id,
        count(*) as messages
    from message
    where workspace_id = %(workspace_id)s and rung = 0
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
                    and coalesce(last_delivery.state in ('released', 'retryable', 'retried'), true)
            when 'handed'
                then
                    last_delivery.state in ('accepted', 'unknown')
                    or (
                        last_decision.verdict = 'allow'
                        and last_delivery.state in ('claimed', 'calling')
                    )
            when 'failed' then
                last_delivery.state in ('rejected', 'retryable', 'unknown')
                or (
                    last_delivery.state = 'accepted'
                    and exists (
                        select
                        from receipt
                        where receipt.message_id = message.id and receipt.kind = 'bounced'
                    )
                )
        end,
        false
    )
group by message.journey_id, message.step_number
union all
select
    'ladder',
    message.journey_id,
    message.step_number,
    count(*)
from message
left join message as above
    on
        message.enrollment_id = above.enrollment_id
        and message.step_number = above.step_number
        and message.visit = above.visit
        and message.rung - 1 = above.rung
left join journey_rung
    on
        message.version_id = journey_rung.version_id
        and message.step_number = journey_rung.step_number
        and message.rung = journey_rung.rung
where
    message.workspace_id = %(workspace_id)s
    and message.rung > 0
    and not coalesce(
        above.state in ('skipped', 'failed')
        and above.rungs_left = 0
        and above.version_id = message.version_id
        and above.expires_at = message.expires_at
        and journey_rung.template_id = message.template_id,
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
union all
select
    'reference',
    message.journey_id,
    message.step_number,
    count(*)
from message
left join enrollment on message.enrollment_id = enrollment.id
left join customer on message.customer_id = customer.id
left join journey_version on enrollment.version_id = journey_version.id
left join template on message.template_id = template.id
where
    message.workspace_id = %(workspace_id)s
    and (
        customer.id is null
        or message.journey_id is distinct from journey_version.journey_id
        or enrollment.journey_id is distinct from journey_version.journey_id
        or template.workspace_id is distinct from message.workspace_id
    )
group by message.journey_id, message.step_number
union all
select
    'reference',
    0,
    0,
    count(*)
from decision
left join message on decision.message_id = message.id
where decision.workspace_id = %(workspace_id)s and message.id is null
having count(*) > 0
union all
-- Whoever has an active device is reached there.
select
    'device',
    0,
    0,
    count(*)
from device
inner join customer on device.customer_id = customer.id
left join address
    on
        address.channel = 'push'
        and address.customer_id = coalesce(customer.head_id, customer.id)
where device.workspace_id = %(workspace_id)s and device.state = 'active' and address.key is null
having count(*) > 0
