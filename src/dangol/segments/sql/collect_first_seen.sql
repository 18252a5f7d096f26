-- Collect who was seen first within one of these spans.
-- Reads customer.
select
    %(workspace_id)s::integer as workspace_id,
    string_agg(int8send(found.id), '') as customer_ids
from (
    select distinct customer.id
    from unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) as span (first_at, last_at)
    inner join customer
        on
            customer.workspace_id = %(workspace_id)s
            and customer.first_seen_at between span.first_at and span.last_at
) as found
