-- Write down who saw whose data.
-- Writes access_entry. Locks nothing.
insert into access_entry (
    workspace_id, seen_at, by_kind, by_whom, role, from_address, what, reason, subjects,
    customer_ids
)
values (
    %(workspace_id)s, %(now)s::timestamptz, %(by_kind)s::access_by, %(by_whom)s,
    %(role)s::member_role, %(from_address)s, %(what)s, %(reason)s, %(subjects)s,
    %(customer_ids)s::bigint[]
)
