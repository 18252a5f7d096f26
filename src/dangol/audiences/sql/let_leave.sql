-- Let leave an audience whoever may not be in it any more: they took the consent back, left the
-- segment, gave another address, are forgotten, or it has ended. Who is over a cap only stays out.
-- Reads audience_candidates. Writes audience_member. Locks the members it lets leave.
update audience_member as member
set state = 'leaving', changed_at = %(now)s::timestamptz
where
    member.audience_id = %(audience_id)s
    and member.state <> 'leaving'
    and not exists (
        select
        from
            audience_candidates(
                %(audience_id)s::integer, %(now)s::timestamptz
            ) as candidate
        where
            candidate.customer_id = member.customer_id
            and candidate.channel = member.channel
            and candidate.address_key = member.address_key
            and (candidate.reason is null or candidate.reason = 'over_cap')
    )
