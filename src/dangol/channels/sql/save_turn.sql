-- Keep what a turn took of what a vendor takes, and until when no other begins.
-- Writes provider_state. Locks its row.
update provider_state
set
    tokens = %(tokens)s,
    tokens_at = %(tokens_at)s::timestamptz,
    rests_until = %(rests_until)s::timestamptz
where name = %(name)s
