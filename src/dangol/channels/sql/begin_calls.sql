-- Mark claims as being called, where they are still held.
-- Reads delivery. Writes it. Locks the deliveries it marks.
-- Not where an earlier call is in doubt and the vendor has forgotten its key since the claim.
update delivery
set
    state = 'calling',
    calling_at = %(now)s::timestamptz,
    lease_until = %(now)s::timestamptz + %(lease)s::interval
where
    delivery.id = any(%(delivery_ids)s)
    and delivery.state = 'claimed'
    and delivery.lease_until >= %(now)s::timestamptz
    and not exists (
        select
        from delivery as earlier
        where
            earlier.message_id = delivery.message_id
            and earlier.doubt_until <= %(now)s::timestamptz
    )
returning delivery.id
