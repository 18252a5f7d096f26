-- Collect who was seen last within one of these spans. Looks at every customer: an index would make
-- each tick dearer.
-- Reads customer.
select
    %(workspace_id)s::integer as workspace_id,
    string_agg(int8send(customer.id), '') as customer_ids
from customer
where
    customer.workspace_id = %(workspace_id)s
    and exists (
        select
        from unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) as span (first_at, last_at)
        where customer.last_seen_at between span.first_at and span.last_at
    )
