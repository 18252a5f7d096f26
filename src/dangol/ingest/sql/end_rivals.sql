-- End the enrollments that a merge made one too many of: of the same journey the oldest stays.
-- Reads person_move, journey_version. Writes enrollment, customer_merge.
-- Journeys that may be entered at every event let each go on.
with standing as (
    select
        enrollment.id,
        enrollment.customer_id,
        enrollment.state,
        enrollment.wake_at,
        row_number() over (
            partition by enrollment.customer_id, enrollment.journey_id
            order by enrollment.entered_at, enrollment.id
        ) as turn
    from enrollment
    inner join journey_version on enrollment.version_id = journey_version.id
    where
        enrollment.customer_id in (
            select person_move.to_id
            from person_move
            where person_move.to_id <> person_move.person_id
        )
        and enrollment.state in ('active', 'waiting')
        and journey_version.reentry_days is distinct from 0
),

ended as (
    update enrollment
    set
        state = 'ended',
        end_reason = 'merged',
        ended_at = %(now)s::timestamptz,
        wake_at = null
    from standing
    where enrollment.id = standing.id and standing.turn > 1
    returning enrollment.id, standing.customer_id, standing.state, standing.wake_at
),

told as (
    select
        ended.customer_id as head_id,
        jsonb_agg(
            jsonb_build_object('id', ended.id, 'state', ended.state, 'wake_at', ended.wake_at)
        ) as enrollments,
        (
            select min(person_move.person_id)
            from person_move
            where
                person_move.to_id = ended.customer_id
                and person_move.from_id <> person_move.to_id
        ) as part_id
    from ended
    group by ended.customer_id
)

update customer_merge
set ended = told.enrollments
from told
where
    customer_merge.part_id = told.part_id
    and customer_merge.head_id = told.head_id
    and customer_merge.undone_at is null
