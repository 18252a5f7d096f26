-- Skip, with a decision that says why, every message to the customer that has not left.
-- Reads delivery. Writes message, decision. Locks the messages it skips.
with skipped as (
    update message
    set state = 'skipped', act_at = null, allowed_at = null
    from (
        select
            waiting.id,
            waiting.state
        from message as waiting
        where
            waiting.workspace_id = %(workspace_id)s
            and waiting.customer_id = %(customer_id)s
            and (
                waiting.state in ('planned', 'held', 'allowed')
                or (
                    waiting.state = 'handed'
                    and not exists (
                        select
                        from delivery
                        where
                            delivery.message_id = waiting.id
                            and delivery.state
                            in ('claimed', 'calling', 'accepted', 'rejected', 'unknown')
                    )
                )
            )
        order by waiting.id
        for no key update
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
    'erased',
    '{erased}',
    %(now)s::timestamptz
from skipped
