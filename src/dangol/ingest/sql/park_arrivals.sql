-- Set aside the events that are nobody's, with the reason.
-- Reads customer. Writes parked_event, arrival.
with unfit as (
    select
        arrival.event_id,
        case when arrival.customer_id is null then 'no_identifier' else 'unknown_customer' end
            as reason
    from arrival
    left join customer
        on
            arrival.customer_id = customer.id
            and customer.workspace_id = %(workspace_id)s
    where arrival.key is null and customer.id is null
),

removed as (
    delete from arrival
    using unfit
    where arrival.event_id = unfit.event_id
)

insert into parked_event (workspace_id, event_id, reason, parked_at)
select
    %(workspace_id)s,
    unfit.event_id,
    unfit.reason,
    %(now)s::timestamptz
from unfit
on conflict (workspace_id, event_id) do nothing
