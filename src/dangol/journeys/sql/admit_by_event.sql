-- Note who may enter a running journey because of an event of this tick.
-- Reads tick_event, journey, journey_version, event_question, event_answer, activity.
-- Writes entrant.
-- A filter that nobody could answer lets in whoever it is about, to be set aside with the reason.
insert into entrant (
    journey_id,
    version_id,
    customer_id,
    entry_key,
    occurred_at,
    event_id,
    properties,
    parked_because
)
select
    journey_version.journey_id,
    journey_version.id,
    tick_event.customer_id,
    tick_event.message_id,
    tick_event.occurred_at,
    tick_event.event_id,
    tick_event.properties || jsonb_strip_nulls(
        jsonb_build_object(
            'order_id', tick_event.order_id,
            'revenue', tick_event.revenue,
            'currency', tick_event.currency,
            'product_id', tick_event.product_id,
            'category', tick_event.category,
            'quantity', tick_event.quantity
        )
    ),
    event_question.fault
from tick_event
inner join journey_version on tick_event.name = journey_version.entry_event
inner join journey on journey_version.id = journey.version_id
left join
    event_question
    on journey_version.id = event_question.version_id and event_question.number = 0
where
    journey_version.workspace_id = %(workspace_id)s
    and journey_version.entry_kind = 'event'
    and journey.state = 'running'
    and tick_event.occurred_at > %(now)s::timestamptz - journey_version.entry_within
    and (
        journey_version.entry_filter is null
        or event_question.fault is not null
        or exists (
            select
            from event_answer
            where
                event_answer.question = event_question.question
                and event_answer.event_id = tick_event.event_id
        )
    )
    and (
        not journey_version.first_time_only
        or exists (
            select
            from activity
            where
                activity.customer_id = tick_event.customer_id
                and activity.event_name = tick_event.name
                and activity.first_at = tick_event.occurred_at
        )
    )
