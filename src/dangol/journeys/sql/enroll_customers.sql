-- Enroll everybody whose event of this tick opens a running journey to them.
-- Reads tick_event, journey, journey_version, customer, membership, activity, enrollment.
-- Writes enrollment. Locks nothing.
-- Where a journey may be entered at every event, each enrolls; else a customer's earliest does.
-- A segment's event alone is not enough: the customer must still be in the segment.
insert into enrollment (
    workspace_id,
    journey_id,
    version_id,
    customer_id,
    entry_key,
    state,
    step_number,
    entered_at
)
select distinct on (
    journey_version.journey_id,
    tick_event.customer_id,
    case when journey_version.reentry_days = 0 then tick_event.message_id end
)
    journey.workspace_id,
    journey_version.journey_id,
    journey.version_id,
    tick_event.customer_id,
    tick_event.message_id,
    'active'::enrollment_state,
    journey_version.first_step,
    least(tick_event.occurred_at, %(now)s::timestamptz)
from tick_event
inner join journey_version on tick_event.name = journey_version.entry_event
inner join journey on journey_version.id = journey.version_id
inner join customer on tick_event.customer_id = customer.id
where
    journey.workspace_id = %(workspace_id)s
    and journey.state = 'running'
    and customer.workspace_id = journey.workspace_id
    and customer.state = 'active'
    and tick_event.occurred_at > %(now)s::timestamptz - journey_version.entry_within
    and (
        journey_version.entry_segment_id is null
        or (
            tick_event.properties ->> 'segment_id' = journey_version.entry_segment_id::text
            and exists (
                select
                from membership
                where
                    membership.segment_id = journey_version.entry_segment_id
                    and membership.customer_id = customer.id
            )
        )
    )
    and (
        not journey_version.first_time_only
        or exists (
            select
            from activity
            where
                activity.customer_id = customer.id
                and activity.event_name = tick_event.name
                and activity.first_at = tick_event.occurred_at
        )
    )
    and not exists (
        select
        from enrollment
        where
            enrollment.journey_id = journey.id
            and enrollment.customer_id = customer.id
            and case
                when journey_version.reentry_days is null then true
                when journey_version.reentry_days = 0 then false
                else
                    enrollment.state in ('active', 'waiting')
                    or enrollment.entered_at
                    > tick_event.occurred_at - make_interval(days => journey_version.reentry_days)
            end
    )
order by
    journey_version.journey_id,
    tick_event.customer_id,
    case when journey_version.reentry_days = 0 then tick_event.message_id end,
    tick_event.occurred_at,
    tick_event.event_id
on conflict (journey_id, customer_id, entry_key) do nothing
