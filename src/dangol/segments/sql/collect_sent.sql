-- Collect to whom a message went out within one of these spans.
-- Reads delivery, message.
select
    %(workspace_id)s::integer as workspace_id,
    string_agg(int8send(found.customer_id), '') as customer_ids
from (
    select distinct message.customer_id
    from unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) as span (first_at, last_at)
    inner join delivery
        on
            delivery.workspace_id = %(workspace_id)s
            and delivery.state = 'accepted'
            and delivery.settled_at between span.first_at and span.last_at
    inner join message on delivery.message_id = message.id
) as found
