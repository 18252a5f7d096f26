-- Let a new anonymous id belong to the customer it first comes with.
-- Reads arrival, identifier. Writes identifier.
insert into identifier (workspace_id, kind, key, customer_id, first_seen_at)
select distinct on (arrival.anonymous_id)
    %(workspace_id)s,
    'anonymous',
    arrival.anonymous_id,
    owner.customer_id,
    arrival.occurred_at
from arrival
inner join identifier as owner
    on
        owner.workspace_id = %(workspace_id)s
        and owner.kind = 'external'
        and arrival.user_id = owner.key
where
    arrival.kind = 'external'
    and arrival.anonymous_id is not null
    and not exists (
        select 1
        from identifier as known
        where
            known.workspace_id = %(workspace_id)s
            and known.kind = 'anonymous'
            and known.key = arrival.anonymous_id
    )
order by arrival.anonymous_id, arrival.written_by, arrival.event_id
