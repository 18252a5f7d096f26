-- Let everybody who waits for a local time rest until then; who has come too late goes on.
-- Reads moving, journey_step, journey_version, customer, workspace, enrollment.
-- Writes rested, moving. Locks nothing.
-- A zone that nobody knows is the shop's. When it is that time is worked out once for each zone and
-- step, or zone, step and day. The very moment itself is not too late, but for whoever has been at
-- the step before: a circle would never end.
with waiting as materialized (
    select
        moving.enrollment_id,
        moving.journey_id,
        moving.version_id,
        moving.customer_id,
        moving.entered_at,
        moving.step_number,
        moving.planned,
        moving.trail,
        journey_step.id as step_id,
        journey_step.next_step,
        case
            when journey_version.zone_rule = 'customer' and customer.time_zone <> ''
                then customer.time_zone
            else workspace.time_zone
        end as zone,
        workspace.time_zone as shop_zone,
        case
            when journey_step.wait_trait is not null
                then customer.traits #> string_to_array(journey_step.wait_trait, '.')
        end as said
    from moving
    inner join journey_step
        on moving.version_id = journey_step.version_id and moving.step_number = journey_step.number
    inner join journey_version on moving.version_id = journey_version.id
    inner join customer on moving.customer_id = customer.id
    inner join workspace on workspace.id = %(workspace_id)s
    where
        moving.hop = %(hop)s
        and journey_step.kind = 'wait'
        and journey_step.wait_until is not null
),

zone as materialized (
    select
        known.zone,
        case when is_time_zone(known.zone) then known.zone else known.shop_zone end as name
    from (select distinct
        waiting.zone,
        waiting.shop_zone
    from waiting) as known
),

moment as materialized (
    select
        asked.step_id,
        asked.zone,
        asked.said,
        coming.wake_at,
        coming.again_at
    from (
        select distinct
            waiting.version_id,
            waiting.step_number,
            waiting.step_id,
            waiting.zone,
            waiting.said
        from waiting
    ) as asked
    inner join zone on asked.zone = zone.zone
    inner join journey_step
        on asked.version_id = journey_step.version_id and asked.step_number = journey_step.number
    cross join
        lateral (
            select
                begun.moment,
                case
                    when journey_step.wait_trait is null
                        then date_trunc('day', begun.moment at time zone zone.name)
                    else
                        named_day(asked.said #>> '{}', zone.name)
                        + coalesce(journey_step.wait_offset, '0')
                end as day
            from (
                select %(now)s::timestamptz + coalesce(journey_step.wait_for, '0') as moment
            ) as begun
        ) as first
    cross join
        lateral (
            select
                min(candidate.moment) as wake_at,
                min(candidate.moment) filter (where candidate.moment > first.moment) as again_at
            from (
                select
                    local_moment(
                        first.day + ahead.days * interval '1 day' + journey_step.wait_until,
                        zone.name
                    ) as moment
                from generate_series(-1, 8) as ahead (days)
                where
                    case
                        when journey_step.wait_trait is not null then ahead.days = 0
                        when journey_step.wait_days is null then true
                        else
                            extract(isodow from first.day + ahead.days * interval '1 day')
                            = any(journey_step.wait_days)
                    end
            ) as candidate
            where candidate.moment >= first.moment
        ) as coming
),

timed as materialized (
    select
        waiting.enrollment_id,
        waiting.journey_id,
        waiting.version_id,
        waiting.customer_id,
        waiting.entered_at,
        waiting.step_number,
        waiting.planned,
        waiting.trail || waiting.step_id as trail,
        waiting.next_step,
        case
            when
                moment.wake_at = %(now)s::timestamptz
                and (
                    waiting.step_id = any(waiting.trail)
                    or exists (
                        select
                        from enrollment
                        where
                            enrollment.id = waiting.enrollment_id
                            and waiting.step_id = any(enrollment.trail)
                    )
                )
                then moment.again_at
            else moment.wake_at
        end as wake_at
    from waiting
    inner join moment
        on
            waiting.step_id = moment.step_id
            and waiting.zone = moment.zone
            and waiting.said is not distinct from moment.said
),

resting as (
    insert into rested (enrollment_id, state, step_number, planned, trail, wake_at)
    select
        timed.enrollment_id,
        'waiting',
        timed.step_number,
        timed.planned,
        timed.trail,
        timed.wake_at
    from timed
    where timed.wake_at > %(now)s::timestamptz
)

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
    timed.enrollment_id,
    timed.journey_id,
    timed.version_id,
    timed.customer_id,
    timed.entered_at,
    timed.next_step,
    timed.planned,
    timed.trail,
    false,
    %(hop)s + 1
from timed
where coalesce(timed.wake_at <= %(now)s::timestamptz, true)
