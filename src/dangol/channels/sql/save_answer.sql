-- Keep how a vendor answered a turn.
-- Writes provider_state. Locks its row.
update provider_state
set
    slowed_to = %(slowed_to)s,
    failures = %(failures)s,
    rests_until = %(rests_until)s::timestamptz,
    paused_because = %(paused_because)s::text,
    paused_at = case
        when %(paused_because)s::text is not null
            then coalesce(paused_at, %(now)s::timestamptz)
    end
where name = %(name)s
