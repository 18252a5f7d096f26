-- Collect who reacted to a message within one of these spans.
-- Reads receipt, message.
select
    %(workspace_id)s::integer as workspace_id,
    string_agg(int8send(found.customer_id), '') as customer_ids
from (
    select distinct message.customer_id
    from unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) as span (first_at, last_at)
    inner join receipt
        on
            receipt.workspace_id = %(workspace_id)s
            and receipt.occurred_at between span.first_at and span.last_at
    inner join message on receipt.message_id = message.id
) as found
