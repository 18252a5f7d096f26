-- Count the addresses of a segment that an audience leaves out, by why.
-- Reads audience_candidates, audience_member.
select
    coalesce(candidate.reason, 'over_most') as reason,
    count(*) as count
from
    audience_candidates(%(audience_id)s::integer, %(now)s::timestamptz) as candidate
where
    not exists (
        select
        from audience_member as member
        where
            member.audience_id = %(audience_id)s
            and member.customer_id = candidate.customer_id
            and member.channel = candidate.channel
            and member.state <> 'leaving'
    )
group by 1
order by 1
