-- Let calls be made again whose caller has died; after the last attempt they have failed.
-- Reads customer. Writes webhook_call. Locks the calls it takes.
-- About whoever wants to be forgotten nothing is told again.
with lost as (
    select
        webhook_call.id,
        case
            when
                exists (
                    select
                    from customer
                    where customer.id = webhook_call.customer_id and customer.state = 'erased'
                )
                then 'dropped'
            when webhook_call.attempts < %(attempts_max)s::integer then 'waiting'
            else 'failed'
        end::webhook_state as state
    from webhook_call
    where webhook_call.state = 'calling' and webhook_call.lease_until <= %(now)s::timestamptz
    for update of webhook_call skip locked
)

update webhook_call
set
    state = lost.state,
    due_at = case when lost.state = 'waiting' then %(now)s::timestamptz end,
    settled_at = case when lost.state <> 'waiting' then %(now)s::timestamptz end,
    lease_until = null,
    answer = 'lost: the caller died'
from lost
where webhook_call.id = lost.id
