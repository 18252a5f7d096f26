-- Mark claims as being called, where they are still held.
-- Writes delivery. Locks the deliveries it marks.
update delivery
set
    state = 'calling',
    calling_at = %(now)s::timestamptz,
    lease_until = %(now)s::timestamptz + %(lease)s::interval
where
    id = any(%(delivery_ids)s)
    and state = 'claimed'
    and lease_until >= %(now)s::timestamptz
returning id
