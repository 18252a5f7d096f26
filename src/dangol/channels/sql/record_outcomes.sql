-- Write what vendors answered, and let each message fail, wait for its next attempt, or rest.
-- What a vendor says of the address of somebody who has been forgotten is not kept.
-- Reads delivery, customer. Writes delivery, message. Locks both.
-- A call without an answer to a vendor that honours our key may be repeated while the key protects.
-- Of several such calls the last stands as unknown for all: that it was surely not taken says
-- nothing of those before, which bear no fault.
with outcome as (
    select
        told.id,
        told.state::delivery_state as state,
        told.code,
        told.detail,
        told.vendor_id,
        told.fault,
        told.retry_after
    from unnest(
        %(ids)s::bigint[],
        %(states)s::text[],
        %(codes)s::text[],
        %(details)s::text[],
        %(vendor_ids)s::text[],
        %(faults)s::text[],
        %(retry_afters)s::interval[]
    ) as told (id, state, code, detail, vendor_id, fault, retry_after)
),

due as (
    select
        outcome.id,
        message.id as message_id,
        message.expires_at,
        customer.state = 'erased' as is_erased,
        %(now)s::timestamptz + coalesce(
            outcome.retry_after,
            (%(back_off)s::interval[])[
                least(
                    cardinality(%(back_off)s::interval[]),
                    1 + (
                        select count(*)
                        from delivery as earlier
                        where
                            earlier.message_id = message.id
                            and earlier.state = 'retryable'
                            and earlier.fault is distinct from 'throttled'
                    )
                )
            ]
        ) as next_at,
        case
            when outcome.state = 'unknown'
                then %(key_lasts)s::interval + (
                    select min(called.calling_at)
                    from delivery as called
                    where
                        called.message_id = message.id
                        and called.provider = delivery.provider
                )
        end as doubt_until,
        (
            select count(*)
            from delivery as earlier
            where
                earlier.message_id = message.id
                and earlier.attempt < delivery.attempt
                and earlier.state = 'retryable'
                and earlier.fault is null
        ) > 0 as follows_doubt
    from outcome
    inner join delivery on outcome.id = delivery.id
    inner join message on delivery.message_id = message.id
    inner join customer on message.customer_id = customer.id
),

judged as (
    select
        due.id,
        due.is_erased,
        case
            when outcome.state = 'unknown' and due.next_at < due.doubt_until then 'retryable'
            else outcome.state::text
        end::delivery_state as state,
        case when due.next_at < due.doubt_until then due.doubt_until end as doubt_until,
        case when due.next_at < due.expires_at then due.next_at end as next_at,
        outcome.state as told,
        outcome.code,
        outcome.detail,
        outcome.vendor_id,
        outcome.fault,
        due.follows_doubt
    from outcome
    inner join due on outcome.id = due.id
),

settled as (
    update delivery
    set
        state = judged.state,
        settled_at = %(now)s::timestamptz,
        retry_at = case when judged.state = 'retryable' then judged.next_at end,
        doubt_until = judged.doubt_until,
        code = judged.code,
        detail = case when not judged.is_erased then judged.detail end,
        fault = case when judged.told <> 'unknown' then nullif(judged.fault, '') end,
        provider_message_id = coalesce(
            nullif(judged.vendor_id, ''), delivery.provider_message_id
        )
    from judged
    where
        delivery.id = judged.id
        and (
            delivery.state = 'calling'
            -- What could not be written, or whose picture the vendor lacks, was never called.
            or (delivery.state = 'claimed' and judged.told in ('rejected', 'retryable'))
            or (
                delivery.state = 'unknown'
                and judged.told <> 'unknown'
                and not (judged.told = 'retryable' and judged.follows_doubt)
            )
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
