-- Write what vendors answered, and let each message fail, wait for its next attempt, or rest.
-- What a vendor says of the address of somebody who has been forgotten is not kept.
-- Reads delivery, customer. Writes delivery, message. Locks both.
with outcome as (
    select
        told.id,
        told.state::delivery_state as state,
        told.code,
        told.detail,
        told.vendor_id
    from unnest(
        %(ids)s::bigint[],
        %(states)s::text[],
        %(codes)s::text[],
        %(details)s::text[],
        %(vendor_ids)s::text[]
    ) as told (id, state, code, detail, vendor_id)
),

due as (
    select
        outcome.id,
        message.id as message_id,
        message.expires_at,
        customer.state = 'erased' as is_erased,
        %(now)s::timestamptz + (%(back_off)s::interval[])[
            least(
                cardinality(%(back_off)s::interval[]),
                1 + (
                    select count(*)
                    from delivery as earlier
                    where earlier.message_id = message.id and earlier.state = 'retryable'
                )
            )
        ] as next_at
    from outcome
    inner join delivery on outcome.id = delivery.id
    inner join message on delivery.message_id = message.id
    inner join customer on message.customer_id = customer.id
),

settled as (
    update delivery
    set
        state = outcome.state,
        settled_at = %(now)s::timestamptz,
        retry_at = case
            when outcome.state = 'retryable' and due.next_at < due.expires_at then due.next_at
        end,
        code = outcome.code,
        detail = case when not due.is_erased then outcome.detail end,
        provider_message_id = nullif(outcome.vendor_id, '')
    from outcome
    inner join due on outcome.id = due.id
    where
        delivery.id = outcome.id
        and (
            delivery.state = 'calling'
            -- What could not be written was never called.
            or (delivery.state = 'claimed' and outcome.state = 'rejected')
            or (delivery.state = 'unknown' and outcome.state <> 'unknown')
        )
    returning delivery.id, delivery.message_id, delivery.state, delivery.retry_at
),

moved as (
    update message
    set
        state = case
            when settled.retry_at is null then 'failed'::message_state
            else 'allowed'::message_state
        end,
        act_at = settled.retry_at
    from settled
    where
        message.id = settled.message_id
        and settled.state in ('rejected', 'retryable')
        and message.state = 'handed'
)

select
    id,
    message_id
from settled
