-- Find the next moment after now at which something is due: a wait, a schedule, a message, a retry.
-- Reads enrollment, journey, journey_schedule, message, delivery. Writes nothing. Locks nothing.
-- An allowed message waits for nothing but its retry. Each is the first row of an index: a trial
-- asks thousands of times, over ever more rows.
select min(due.at)
from (
    (
        select enrollment.wake_at as at
        from enrollment
        inner join journey on enrollment.journey_id = journey.id
        where
            enrollment.workspace_id = %(workspace_id)s
            and enrollment.state = 'waiting'
            and enrollment.wake_at > %(now)s::timestamptz
            and journey.state = 'running'
        order by enrollment.wake_at
        limit 1
    )
    union all
    select min(journey_schedule.next_at)
    from journey_schedule
    inner join journey on journey_schedule.journey_id = journey.id
    where
        journey_schedule.workspace_id = %(workspace_id)s
        and journey_schedule.next_at > %(now)s::timestamptz
        and journey.state = 'running'
    union all
    (
        select message.act_at
        from message
        where
            message.workspace_id = %(workspace_id)s
            and message.state in ('planned', 'held')
            and message.act_at > %(now)s::timestamptz
        order by message.act_at
        limit 1
    )
    union all
    select min(delivery.retry_at)
    from delivery
    where
        delivery.workspace_id = %(workspace_id)s
        and delivery.state = 'retryable'
        and delivery.retry_at > %(now)s::timestamptz
) as due
