-- Wake whoever waits for the answer to a call that is over, and put them to where it leads.
-- Reads journey_step. Writes webhook_call, enrollment. Locks the calls and enrollments it takes.
with answer as (
    select
        webhook_call.id,
        webhook_call.state = 'delivered' as is_yes
    from webhook_call
    where
        webhook_call.workspace_id = %(workspace_id)s
        and webhook_call.awaited
        and webhook_call.state in ('delivered', 'failed', 'dropped')
    for update skip locked
),

heard as (
    update webhook_call
    set awaited = false
    from answer
    where webhook_call.id = answer.id
    returning
        webhook_call.enrollment_id,
        webhook_call.step_id,
        webhook_call.visit,
        answer.is_yes
)

update enrollment
set
    state = 'active',
    wake_at = null,
    step_number = case when heard.is_yes then journey_step.yes_step else journey_step.next_step end
from heard
inner join journey_step on heard.step_id = journey_step.id
where
    enrollment.id = heard.enrollment_id
    and enrollment.state = 'waiting'
    and enrollment.version_id = journey_step.version_id
    and enrollment.step_number = journey_step.number
    and enrollment.planned = heard.visit
