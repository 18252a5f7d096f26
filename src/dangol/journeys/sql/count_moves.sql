-- Count whom each move takes, and who stays because a message, or another journey, would come to
-- them a second time.
-- Reads enrollment, message, template, journey_step. Writes nothing. Locks nothing.
with move as (
    select
        move.version_id,
        move.number,
        move.state,
        move.had,
        move.called
    from
        jsonb_to_recordset(%(moves)s::jsonb)
            as move (
                version_id integer,
                number integer,
                state enrollment_state,
                had text[],
                called text[]
            )
),

standing as (
    select
        move.version_id,
        move.number,
        move.state,
        case
            when
                exists (
                    select
                    from message
                    inner join template on message.template_id = template.id
                    where
                        message.enrollment_id = enrollment.id
                        and template.name = any(move.had)
                )
                or exists (
                    select
                    from journey_step
                    where
                        journey_step.id = any(enrollment.trail)
                        and journey_step.journey_name = any(move.called)
                )
                then 1
            else 0
        end as stays
    from move
    inner join enrollment
        on
            move.version_id = enrollment.version_id
            and move.number = enrollment.step_number
            and move.state = enrollment.state
    where enrollment.journey_id = %(journey_id)s
)

select
    standing.version_id,
    standing.number,
    standing.state,
    count(*) as customers,
    sum(standing.stays) as stay
from standing
group by standing.version_id, standing.number, standing.state
