-- Keep what a turn took of what a receiver takes, and how far those who wait have been lined up.
-- Writes provider_domain. Locks its row.
update provider_domain
set
    tokens = %(tokens)s,
    tokens_at = %(tokens_at)s::timestamptz,
    line_until = %(line_until)s::timestamptz,
    rests_until = %(rests_until)s::timestamptz
where provider = %(provider)s and domain = %(domain)s
