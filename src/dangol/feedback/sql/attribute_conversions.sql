-- Note of each conversion which message came last before it, of those of the journeys it was for.
-- Reads conversion, message, receipt, delivery. Writes attribution, conversion.
-- Locks the conversions. A click by a person outranks an arrival; one order is one row, of however
-- many journeys it was the goal. What a journey sends lies within its goal's own time, so that this
-- is the window. Conversions younger than the patience wait: their event may still come in.
with fresh as (
    select
        conversion.enrollment_id,
        conversion.journey_id,
        conversion.occurred_at,
        conversion.revenue,
        conversion.currency,
        coalesce(conversion.message_id, 'goal:' || conversion.enrollment_id) as goal_key
    from conversion
    where
        conversion.workspace_id = %(workspace_id)s
        and not conversion.attributed
        and conversion.occurred_at <= %(now)s::timestamptz - %(patience)s::interval
    order by conversion.occurred_at, conversion.enrollment_id
    limit %(batch)s
    for no key update
),

touch as (
    select
        fresh.goal_key,
        message.id,
        message.journey_id,
        message.template_id,
        message.channel,
        true as clicked,
        receipt.occurred_at as touched_at,
        delivery.settled_at as sent_at
    from fresh
    inner join message on fresh.enrollment_id = message.enrollment_id
    inner join delivery on message.id = delivery.message_id and delivery.state = 'accepted'
    inner join receipt
        on
            message.id = receipt.message_id
            and fresh.occurred_at >= receipt.occurred_at
            and receipt.kind = 'clicked'
            and receipt.human_confidence >= %(likely)s::real
    union all
    select
        fresh.goal_key,
        message.id,
        message.journey_id,
        message.template_id,
        message.channel,
        false as clicked,
        delivery.settled_at as touched_at,
        delivery.settled_at as sent_at
    from fresh
    inner join message
        on fresh.enrollment_id = message.enrollment_id and message.state = 'handed'
    inner join delivery
        on
            message.id = delivery.message_id
            and delivery.state = 'accepted'
            and fresh.occurred_at >= delivery.settled_at
),

last_touch as (
    select distinct on (touch.goal_key)
        touch.goal_key,
        touch.id,
        touch.journey_id,
        touch.template_id,
        touch.channel,
        touch.clicked,
        touch.sent_at
    from touch
    order by touch.goal_key, touch.clicked desc, touch.touched_at desc, touch.id desc
),

goal as (
    select distinct on (fresh.goal_key)
        fresh.goal_key,
        fresh.journey_id,
        fresh.occurred_at,
        fresh.revenue,
        fresh.currency
    from fresh
    order by fresh.goal_key, fresh.enrollment_id
),

credited as (
    insert into attribution (
        workspace_id,
        goal_key,
        occurred_at,
        revenue,
        currency,
        journey_id,
        message_id,
        template_id,
        channel,
        clicked,
        sent_at
    )
    select
        %(workspace_id)s,
        goal.goal_key,
        goal.occurred_at,
        goal.revenue,
        goal.currency,
        coalesce(last_touch.journey_id, goal.journey_id),
        last_touch.id,
        last_touch.template_id,
        last_touch.channel,
        last_touch.clicked,
        last_touch.sent_at
    from goal
    left join last_touch on goal.goal_key = last_touch.goal_key
    on conflict (workspace_id, goal_key) do nothing
)

update conversion
set attributed = true
from fresh
where conversion.enrollment_id = fresh.enrollment_id
