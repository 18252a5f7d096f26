-- List what is over without having arrived, newest first: the last attempt of each message.
-- Reads delivery, message, journey, template. Writes nothing. Locks nothing.
-- followed: another rung of the message's ladder has taken its place.
select
    delivery.id,
    delivery.message_id,
    delivery.customer_id,
    journey.name as journey,
    template.name as template,
    delivery.channel,
    message.purpose,
    delivery.provider,
    delivery.attempt,
    delivery.state,
    delivery.fault,
    coalesce(delivery.code, '') as code,
    coalesce(delivery.detail, '') as detail,
    delivery.settled_at,
    message.expires_at,
    exists(
        select
        from message as rung
        where
            rung.enrollment_id = message.enrollment_id
            and rung.step_number = message.step_number
            and rung.visit = message.visit
            and rung.rung > message.rung
    ) as followed
from delivery
inner join message on delivery.message_id = message.id
left join journey on message.journey_id = journey.id
inner join template on message.template_id = template.id
where
    delivery.workspace_id = %(workspace_id)s
    and (
        delivery.state in ('rejected', 'unknown')
        or (delivery.state = 'retryable' and delivery.retry_at is null)
    )
    and message.state = case
        when delivery.state = 'unknown' then 'handed'
        else 'failed'
    end::message_state
    and not exists (
        select
        from delivery as later
        where later.message_id = delivery.message_id and later.attempt > delivery.attempt
    )
    and (%(before)s::bigint is null or delivery.id < %(before)s::bigint)
    and (%(delivery_ids)s::bigint[] is null or delivery.id = any(%(delivery_ids)s::bigint[]))
    and (%(provider)s::text is null or delivery.provider = %(provider)s::text)
    and (%(channel)s::channel is null or delivery.channel = %(channel)s::channel)
    and (%(code)s::text is null or coalesce(delivery.code, '') = %(code)s::text)
    and (%(fault)s::text is null or delivery.fault = %(fault)s::text)
    and (%(state)s::delivery_state is null or delivery.state = %(state)s::delivery_state)
order by delivery.id desc
limit %(most)s
