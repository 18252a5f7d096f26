-- Enroll whoever may enter, may do so again, and finds room today; count them by day.
-- Reads entrant, journey_version, customer, workspace, enrollment. Writes enrollment, journey_day.
-- Where a journey may be entered at every event, each enrolls; else a customer's earliest does, or
-- the earliest with the same value of the property that re-entry is judged by. The first is asked
-- for apart: a customer with a thousand enrollments must not be compared with each of them.
with keyed as (
    select
        entrant.journey_id,
        entrant.version_id,
        entrant.customer_id,
        entrant.entry_key,
        entrant.occurred_at,
        entrant.event_id,
        entrant.properties,
        entrant.parked_because,
        journey_version.first_step,
        journey_version.reentry_days,
        journey_version.entry_per_day,
        string_to_array(journey_version.entry_key, '.') as key_path,
        case when journey_version.reentry_days = 0 then entrant.entry_key end as every
    from entrant
    inner join journey_version on entrant.version_id = journey_version.id
    inner join customer on entrant.customer_id = customer.id
    where customer.workspace_id = %(workspace_id)s and customer.state = 'active'
),

fresh as (
    select distinct on (
        keyed.journey_id, keyed.customer_id, keyed.every, keyed.properties #>> keyed.key_path
    )
        keyed.journey_id,
        keyed.version_id,
        keyed.customer_id,
        keyed.entry_key,
        keyed.occurred_at,
        keyed.event_id,
        keyed.properties,
        keyed.parked_because,
        keyed.first_step,
        keyed.entry_per_day
    from keyed
    where
        not exists (
            select
            from enrollment
            where
                enrollment.journey_id = keyed.journey_id
                and enrollment.customer_id = keyed.customer_id
                and enrollment.entry_key = keyed.entry_key
        )
        and (
            keyed.every is not null
            or not exists (
                select
                from enrollment
                where
                    enrollment.journey_id = keyed.journey_id
                    and enrollment.customer_id = keyed.customer_id
                    and enrollment.entry_properties #>> keyed.key_path
                    is not distinct from keyed.properties #>> keyed.key_path
                    and (
                        keyed.reentry_days is null
                        or enrollment.state in ('active', 'waiting')
                        or enrollment.entered_at
                        > keyed.occurred_at - make_interval(days => keyed.reentry_days)
                    )
            )
        )
    order by
        keyed.journey_id,
        keyed.customer_id,
        keyed.every,
        keyed.properties #>> keyed.key_path,
        keyed.occurred_at,
        keyed.event_id
),

today as (
    select (%(now)s::timestamptz at time zone workspace.time_zone)::date as day
    from workspace
    where workspace.id = %(workspace_id)s
),

numbered as (
    select
        fresh.journey_id,
        fresh.version_id,
        fresh.customer_id,
        fresh.entry_key,
        fresh.occurred_at,
        fresh.event_id,
        fresh.properties,
        fresh.parked_because,
        fresh.first_step,
        fresh.entry_per_day,
        today.day,
        coalesce(journey_day.entered, 0) + row_number() over (
            partition by fresh.journey_id
            order by fresh.occurred_at, fresh.event_id, fresh.customer_id
        ) as place
    from fresh
    cross join today
    left join journey_day
        on fresh.journey_id = journey_day.journey_id and today.day = journey_day.day
),

counted as (
    insert into journey_day (journey_id, day, entered, turned_away)
    select
        numbered.journey_id,
        numbered.day,
        count(*) filter (where numbered.place <= numbered.entry_per_day),
        count(*) filter (where numbered.place > numbered.entry_per_day)
    from numbered
    where numbered.entry_per_day is not null
    group by numbered.journey_id, numbered.day
    on conflict (journey_id, day) do update
        set
            entered = journey_day.entered + excluded.entered,
            turned_away = journey_day.turned_away + excluded.turned_away
)

insert into enrollment (
    workspace_id,
    journey_id,
    version_id,
    customer_id,
    entry_key,
    entry_properties,
    state,
    parked_because,
    step_number,
    entered_at
)
select
    %(workspace_id)s,
    numbered.journey_id,
    numbered.version_id,
    numbered.customer_id,
    numbered.entry_key,
    numbered.properties,
    case
        when numbered.parked_because is null then 'active' else 'parked'
    end::enrollment_state,
    numbered.parked_because,
    numbered.first_step,
    numbered.occurred_at
from numbered
where numbered.entry_per_day is null or numbered.place <= numbered.entry_per_day
order by numbered.occurred_at, numbered.event_id, numbered.customer_id
on conflict (customer_id, journey_id, entry_key) do nothing
