-- Write down that somebody wants to be forgotten; the same wish is written once.
-- Writes erasure.
insert into erasure (ref, workspace_id, customer_id, state, keys, asked_by, asked_at, done_at)
values (
    %(ref)s,
    %(workspace_id)s,
    %(customer_id)s,
    %(state)s::erasure_state,
    %(keys)s,
    %(asked_by)s,
    %(asked_at)s,
    %(done_at)s
)
on conflict (ref) do nothing
