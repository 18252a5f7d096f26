-- Admit of every call that has outlived its lease that nobody knows its outcome.
-- Writes delivery, message. Locks the deliveries it settles, and their messages.
-- Where the vendor honours our key the call may be repeated, as long as the key protects; elsewhere
-- it stays unknown.
with lost as materialized (
    select
        delivery.id,
        delivery.message_id,
        keyed.lasts + (
            select min(earlier.calling_at)
            from delivery as earlier
            where
                earlier.message_id = delivery.message_id
                and earlier.provider = delivery.provider
        ) as doubt_until
    from delivery
    left join
        unnest(%(keyed)s::text[], %(key_lasts)s::interval[]) as keyed (provider, lasts)
        on delivery.provider = keyed.provider
    where
        delivery.workspace_id = %(workspace_id)s
        and delivery.state = 'calling'
        and delivery.lease_until < %(now)s::timestamptz
    order by delivery.id
    for update of delivery skip locked
),

settled as (
    update delivery
    set
        state = case
            when lost.doubt_until > %(now)s::timestamptz then 'retryable'
            else 'unknown'
        end::delivery_state,
        settled_at = %(now)s::timestamptz,
        doubt_until = case
            when lost.doubt_until > %(now)s::timestamptz then lost.doubt_until
        end,
        retry_at = case when lost.doubt_until > %(now)s::timestamptz then %(now)s::timestamptz end,
        code = 'lease_over',
        detail = 'The worker that made this call did not report back; it may have been delivered.'
    from lost
    where delivery.id = lost.id
    returning delivery.id, delivery.message_id, delivery.state
),

again as (
    update message
    set state = 'allowed', act_at = %(now)s::timestamptz
    from settled
    where
        message.id = settled.message_id
        and settled.state = 'retryable'
        and message.state = 'handed'
)

select
    count(*) filter (where state = 'unknown') as unknown,
    count(*) filter (where state = 'retryable') as repeated
from settled
