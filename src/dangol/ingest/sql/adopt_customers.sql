-- Give a new external id to the anonymous customer it comes with, if nobody has claimed that one.
-- Reads arrival, identifier. Writes identifier.
with claim as (
    select distinct on (arrival.user_id)
        arrival.user_id,
        arrival.written_by,
        arrival.event_id,
        arrival.occurred_at,
        anonymous.customer_id
    from arrival
    inner join identifier as anonymous
        on
            anonymous.workspace_id = %(workspace_id)s
            and anonymous.kind = 'anonymous'
            and arrival.anonymous_id = anonymous.key
    where
        arrival.kind = 'external'
        and not exists (
            select 1
            from identifier as known
            where
                known.workspace_id = %(workspace_id)s
                and known.kind = 'external'
                and known.key = arrival.user_id
        )
        and not exists (
            select 1
            from identifier as claimed
            where claimed.customer_id = anonymous.customer_id and claimed.kind = 'external'
        )
    order by arrival.user_id, arrival.written_by, arrival.event_id
)

insert into identifier (workspace_id, kind, key, customer_id, first_seen_at)
select distinct on (claim.customer_id)
    %(workspace_id)s,
    'external',
    claim.user_id,
    claim.customer_id,
    claim.occurred_at
from claim
order by claim.customer_id, claim.written_by, claim.event_id
