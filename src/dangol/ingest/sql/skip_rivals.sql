-- Skip, with a decision that says why, what is still to leave of enrollments that a merge ended.
-- Reads person_move, enrollment. Writes message, decision. Locks the messages it skips.
-- What a sender has claimed already goes.
with skipped as (
    update message
    set state = 'skipped', act_at = null, allowed_at = null
    from (
        select
            waiting.id,
            waiting.state
        from enrollment
        inner join message as waiting on enrollment.id = waiting.enrollment_id
        where
            enrollment.customer_id in (
                select person_move.to_id
                from person_move
                where person_move.to_id <> person_move.person_id
            )
            and enrollment.end_reason = 'merged'
            and waiting.state in ('planned', 'held', 'allowed')
        order by waiting.id
        for no key update of waiting
    ) as before
    where message.id = before.id
    returning message.id, message.workspace_id, message.customer_id, before.state
)

insert into decision (
    message_id, evaluation, workspace_id, customer_id, stage, verdict, reason, reasons, decided_at
)
select
    skipped.id,
    1 + coalesce(
        (
            select max(decision.evaluation)
            from decision
            where decision.message_id = skipped.id
        ),
        0
    ),
    skipped.workspace_id,
    skipped.customer_id,
    case when skipped.state in ('planned', 'held') then 'planning' else 'hand_off' end
    ::decision_stage,
    'skip',
    'merged',
    '{merged}',
    %(now)s::timestamptz
from skipped
