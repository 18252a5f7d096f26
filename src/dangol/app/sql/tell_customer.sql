-- Tell what happened to somebody, in order: what they did, and what journeys and guard made of it.
-- Reads identifier, acted_event, event, enrollment, journey, message, template, journey_step,
-- decision, delivery, conversion.
-- Writes nothing. Locks nothing.
with self as (
    select identifier.customer_id
    from identifier
    where
        identifier.workspace_id = %(workspace_id)s
        and identifier.kind = 'external'
        and identifier.key = %(name)s
),

told as (
    select
        event.occurred_at as at,
        0 as rank,
        event.id,
        'did' as kind,
        event.name as what,
        '' as detail,
        null::timestamptz as until
    from self
    inner join acted_event on self.customer_id = acted_event.customer_id
    inner join event on acted_event.event_id = event.id
    union all
    select
        enrollment.entered_at,
        1,
        enrollment.id,
        'entered',
        journey.name,
        '',
        null
    from self
    inner join enrollment on self.customer_id = enrollment.customer_id
    inner join journey on enrollment.journey_id = journey.id
    union all
    select
        message.planned_at,
        2,
        message.id,
        'planned',
        template.name,
        journey.name || ', step ' || journey_step.name,
        null
    from self
    inner join message on self.customer_id = message.customer_id
    inner join template on message.template_id = template.id
    inner join journey on message.journey_id = journey.id
    inner join journey_step
        on
            message.version_id = journey_step.version_id
            and message.step_number = journey_step.number
    union all
    select
        decision.decided_at,
        3,
        decision.message_id * 1000 + decision.evaluation,
        decision.verdict::text,
        template.name,
        decision.reason::text,
        decision.hold_until
    from self
    inner join decision on self.customer_id = decision.customer_id
    inner join message on decision.message_id = message.id
    inner join template on message.template_id = template.id
    union all
    select
        delivery.settled_at,
        4,
        delivery.id,
        delivery.state::text,
        template.name,
        concat_ws(' ', delivery.code, delivery.detail),
        delivery.retry_at
    from self
    inner join delivery on self.customer_id = delivery.customer_id
    inner join message on delivery.message_id = message.id
    inner join template on message.template_id = template.id
    where delivery.settled_at is not null
    union all
    select
        conversion.occurred_at,
        5,
        conversion.enrollment_id,
        'reached',
        journey.name,
        concat_ws(' ', conversion.revenue, conversion.currency),
        null
    from self
    inner join conversion on self.customer_id = conversion.customer_id
    inner join journey on conversion.journey_id = journey.id
    union all
    select
        enrollment.ended_at,
        6,
        enrollment.id,
        'left',
        journey.name,
        enrollment.end_reason::text,
        null
    from self
    inner join enrollment on self.customer_id = enrollment.customer_id
    inner join journey on enrollment.journey_id = journey.id
    where enrollment.state = 'ended'
)

select
    told.at,
    told.kind,
    told.what,
    told.detail,
    told.until
from told
order by told.at, told.rank, told.id
