-- Claim calls that are due, of each endpoint as many as it has places free.
-- Reads webhook_endpoint, customer. Writes webhook_call. Locks the calls it claims.
-- One that fails and fails rests; then a single call finds out whether it is back. Whoever wants to
-- be forgotten is told about no more.
with room as materialized (
    select
        webhook_endpoint.id,
        case
            when webhook_endpoint.failures >= %(failures_max)s::integer then 1
            else %(places)s::integer
        end - (
            select count(*)
            from webhook_call
            where webhook_call.endpoint_id = webhook_endpoint.id and webhook_call.state = 'calling'
        ) as places
    from webhook_endpoint
    where
        webhook_endpoint.disabled_at is null
        and coalesce(webhook_endpoint.rests_until <= %(now)s::timestamptz, true)
),

due as (
    select candidate.id
    from room
    cross join
        lateral (
            select
                webhook_call.id,
                webhook_call.due_at
            from webhook_call
            where
                webhook_call.endpoint_id = room.id
                and webhook_call.state = 'waiting'
                and webhook_call.due_at <= %(now)s::timestamptz
                and not exists (
                    select
                    from customer
                    where customer.id = webhook_call.customer_id and customer.state = 'erased'
                )
            order by webhook_call.due_at, webhook_call.id
            limit greatest(room.places, 0)
            for update of webhook_call skip locked
        ) as candidate
    order by candidate.due_at, candidate.id
    limit %(batch)s
)

update webhook_call
set
    state = 'calling',
    attempts = webhook_call.attempts + 1,
    due_at = null,
    lease_until = %(now)s::timestamptz + %(lease)s::interval
from due, webhook_endpoint
where webhook_call.id = due.id and webhook_call.endpoint_id = webhook_endpoint.id
returning
    webhook_call.id,
    webhook_call.ref,
    webhook_call.workspace_id,
    webhook_call.endpoint_id,
    webhook_endpoint.url,
    webhook_endpoint.sealed_secret,
    case
        when webhook_endpoint.previous_until > %(now)s::timestamptz
            then webhook_endpoint.previous_secret
    end as previous_secret,
    webhook_endpoint.sealed_headers,
    webhook_call.attempts,
    webhook_call.kind::text as kind,
    webhook_call.occurred_at,
    webhook_call.data,
    (
        select journey_step.webhook_body
        from journey_step
        where journey_step.id = webhook_call.step_id
    ) as template
