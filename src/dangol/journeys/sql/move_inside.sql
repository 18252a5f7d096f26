-- Move those inside a journey to another version, or let them go; return what became of each.
-- Reads message, template, journey_step. Writes enrollment. Locks the enrollments it moves.
-- Who has had a message, or been let into a journey, that would come again stays.
with move as (
    select
        move.version_id,
        move.number,
        move.state,
        move.becomes,
        move.to_number,
        move.shift,
        move.had,
        move.called
    from
        jsonb_to_recordset(%(moves)s::jsonb)
            as move (
                version_id integer,
                number integer,
                state enrollment_state,
                becomes text,
                to_number integer,
                shift interval,
                had text[],
                called text[]
            )
),

going as (
    select
        enrollment.id,
        move.becomes,
        move.to_number,
        move.shift
    from move
    inner join enrollment
        on
            move.version_id = enrollment.version_id
            and move.number = enrollment.step_number
            and move.state = enrollment.state
    where
        enrollment.journey_id = %(journey_id)s
        and not exists (
            select
            from message
            inner join template on message.template_id = template.id
            where message.enrollment_id = enrollment.id and template.name = any(move.had)
        )
        and not exists (
            select
            from journey_step
            where
                journey_step.id = any(enrollment.trail)
                and journey_step.journey_name = any(move.called)
        )
),

moved as (
    update enrollment
    set
        version_id = case
            when going.becomes = 'exit' then enrollment.version_id
            else %(version_id)s::integer
        end,
        step_number = going.to_number,
        state = case going.becomes
            when 'exit' then 'ended'
            when 'anew' then 'active'
            else enrollment.state
        end::enrollment_state,
        wake_at = case when going.becomes = 'keep' then enrollment.wake_at + going.shift end,
        waits_since = case when going.becomes = 'keep' then enrollment.waits_since end,
        end_reason = case when going.becomes = 'exit' then 'exited'::end_reason end,
        ended_at = case when going.becomes = 'exit' then %(now)s::timestamptz end
    from going
    where enrollment.id = going.id
    returning going.becomes
)

select
    count(*) filter (where moved.becomes <> 'exit') as moved,
    count(*) filter (where moved.becomes = 'exit') as let_go
from moved
