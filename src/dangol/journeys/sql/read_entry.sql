-- Read what decides whether a customer may enter a journey's newest version, as of now.
-- Reads journey, journey_version, workspace, customer, activity, segment, membership,
-- journey_schedule, journey_day, enrollment. Writes nothing. Locks nothing.
-- Of several enrollments the last that began counts; begun_at is when the journey's first version
-- was published: what happened before it opened nothing.
select
    journey.state as journey_state,
    customer.state as customer_state,
    journey_version.entry_kind,
    journey_version.entry_event,
    journey_version.entry_filter is not null as has_filter,
    journey_version.entry_condition as condition,
    journey_version.first_time_only,
    journey_version.reentry_days,
    journey_version.entry_key is not null as has_key,
    journey_version.entry_per_day as per_day,
    segment.title_ko as segment_ko,
    segment.title_en as segment_en,
    membership.entered_at as member_since,
    coalesce(activity.count, 0) as times,
    activity.first_at,
    activity.last_at,
    journey_version.entry_trait as trait,
    coalesce(
        customer.traits #>> string_to_array(journey_version.entry_trait, '.'), ''
    ) <> '' as has_day,
    journey_schedule.next_at,
    coalesce(journey_day.turned_away, 0) as turned_away,
    last_time.state as last_state,
    last_time.entered_at as last_entered_at,
    (
        select min(version.published_at)
        from journey_version as version
        where version.journey_id = journey.id
    ) as begun_at
from journey
inner join workspace on journey.workspace_id = workspace.id
inner join journey_version on journey.version_id = journey_version.id
inner join customer
    on journey.workspace_id = customer.workspace_id and customer.id = %(customer_id)s
left join activity
    on customer.id = activity.customer_id and journey_version.entry_event = activity.event_name
left join segment on journey_version.entry_segment_id = segment.id
left join membership on segment.id = membership.segment_id and customer.id = membership.customer_id
left join journey_schedule on journey.id = journey_schedule.journey_id
left join journey_day
    on
        journey.id = journey_day.journey_id
        and journey_day.day
        = (%(now)s::timestamptz at time zone workspace.time_zone)::date
left join lateral (
    select
        enrollment.state,
        enrollment.entered_at
    from enrollment
    where enrollment.journey_id = journey.id and enrollment.customer_id = customer.id
    order by enrollment.entered_at desc, enrollment.id desc
    limit 1
) as last_time on true
where journey.workspace_id = %(workspace_id)s and journey.name = %(journey)s
