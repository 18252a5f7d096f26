-- Wake whoever waits for an event that has come, and lead them to where it leads.
-- Reads tick_event, journey_step, event_question, event_answer. Writes enrollment.
-- They move with those who begin: an event is seen once, however many are due before them.
with heard as materialized (
    select
        enrollment.id,
        journey_step.yes_step
    from tick_event
    inner join enrollment on tick_event.customer_id = enrollment.customer_id
    inner join journey_step
        on
            enrollment.version_id = journey_step.version_id
            and enrollment.step_number = journey_step.number
            and tick_event.name = journey_step.event_name
    left join event_question
        on
            journey_step.version_id = event_question.version_id
            and journey_step.number = event_question.number
    where
        enrollment.waits_since is not null
        and enrollment.state = 'waiting'
        and journey_step.kind = 'wait_for'
        and tick_event.occurred_at > enrollment.entered_at
        and (
            journey_step.filter is null
            or exists (
                select
                from event_answer
                where
                    event_answer.question = event_question.question
                    and event_answer.event_id = tick_event.event_id
            )
        )
)

update enrollment
set
    state = 'active',
    step_number = heard.yes_step,
    wake_at = null,
    waits_since = null
from heard
where enrollment.id = heard.id
