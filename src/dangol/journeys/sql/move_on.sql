-- Lead everybody whose step asks nothing of anybody to their next one: the next hop.
-- Reads moving, journey_step, journey_way, activity. Writes moving. Locks nothing.
-- A split takes the first way whose shares hold the customer's number below a hundred, the same in
-- every version and at every visit.
insert into moving (
    enrollment_id,
    journey_id,
    version_id,
    customer_id,
    entered_at,
    step_number,
    planned,
    trail,
    is_late,
    hop
)
select
    moving.enrollment_id,
    moving.journey_id,
    moving.version_id,
    moving.customer_id,
    moving.entered_at,
    case
        when
            journey_step.kind = 'check_event'
            and exists (
                select
                from activity
                where
                    activity.customer_id = moving.customer_id
                    and activity.event_name = journey_step.event_name
                    and activity.last_at > moving.entered_at
            )
            then journey_step.yes_step
        when journey_step.kind = 'split'
            then (
                select journey_way.to_step
                from journey_way
                where
                    journey_way.version_id = moving.version_id
                    and journey_way.number = moving.step_number
                    and int8range(journey_way.share_from, journey_way.share_to) @> mod(
                        (
                            'x' || left(
                                md5(
                                    concat_ws(
                                        ':',
                                        moving.journey_id,
                                        journey_step.name,
                                        moving.customer_id
                                    )
                                ),
                                8
                            )
                        )::bit(32)::bigint,
                        100
                    )
            )
        else journey_step.next_step
    end,
    moving.planned + (journey_step.kind in ('message', 'update', 'enter', 'webhook'))::integer,
    moving.trail || journey_step.id,
    false,
    moving.hop + 1
from moving
inner join journey_step
    on moving.version_id = journey_step.version_id and moving.step_number = journey_step.number
where
    moving.hop = %(hop)s
    and journey_step.kind in (
        'message', 'check_event', 'split', 'update', 'enter', 'goal', 'webhook'
    )
    and (journey_step.kind <> 'webhook' or journey_step.limit_after is null)
