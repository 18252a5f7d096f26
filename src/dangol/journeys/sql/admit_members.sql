-- Note the next members of a schedule's segment, in the order of their ids; tell how far that is.
-- Reads journey_version, membership. Writes entrant.
with next as materialized (
    select membership.customer_id
    from journey_version
    inner join membership on journey_version.entry_segment_id = membership.segment_id
    where
        journey_version.id = %(version_id)s
        and membership.customer_id > %(after_customer)s
    order by membership.customer_id
    limit %(batch)s
),

admitted as (
    insert into entrant (
        journey_id, version_id, customer_id, entry_key, occurred_at, event_id
    )
    select
        %(journey_id)s,
        %(version_id)s,
        next.customer_id,
        %(entry_key)s,
        %(occasion)s::timestamptz,
        0
    from next
)

select
    count(*) as customers,
    max(next.customer_id) as last_customer
from next
