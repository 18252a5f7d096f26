-- Let customers into segments; no journey hears of it.
-- Reads nothing. Writes membership. Locks nothing.
insert into membership (workspace_id, segment_id, customer_id, entered_at)
select
    %(workspace_id)s::integer,
    unnest(%(segment_ids)s::integer[]),
    unnest(%(customer_ids)s::bigint[]),
    unnest(%(moments)s::timestamptz[])
on conflict (segment_id, customer_id) do nothing
