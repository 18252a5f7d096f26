-- Let customers into segments; no journey hears of it.
-- Reads nothing. Writes membership. Locks nothing.
insert into membership (workspace_id, segment_id, customer_id, entered_at)
select
    %(workspace_id)s::integer,
    came.segment_id,
    came.customer_id,
    came.at
from unnest(%(segment_ids)s::integer[], %(customer_ids)s::bigint[], %(moments)s::timestamptz[])
    as came (segment_id, customer_id, at)
on conflict (segment_id, customer_id) do nothing
