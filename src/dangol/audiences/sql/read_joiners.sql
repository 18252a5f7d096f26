-- Read the next addresses that come into an audience, as many as there is room for.
-- Reads audience_candidates, audience_member, address, customer_key.
select
    candidate.customer_id,
    candidate.channel,
    candidate.address_key,
    address.sealed,
    customer_key.wrapped
from
    audience_candidates(%(audience_id)s::integer, %(now)s::timestamptz) as candidate
inner join address
    on
        candidate.customer_id = address.customer_id
        and candidate.channel = address.channel
        and candidate.address_key = address.key
inner join customer_key on address.key_of = customer_key.customer_id
where
    candidate.reason is null
    and not exists (
        select
        from audience_member as member
        where
            member.audience_id = %(audience_id)s
            and member.customer_id = candidate.customer_id
            and member.channel = candidate.channel
    )
order by candidate.customer_id, candidate.channel
limit least(
    %(batch)s::bigint,
    (
        select
            audience.most - (
                select count(*)
                from audience_member as held
                where held.audience_id = audience.id
            )
        from audience
        where audience.id = %(audience_id)s
    )
)
