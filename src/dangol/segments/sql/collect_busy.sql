-- Collect, for each name, whose events acted, of those after one place of the inbox and up to
-- another.
-- Reads event, acted_event.
select
    busy.name,
    string_agg(int8send(busy.customer_id), '') as customer_ids
from (
    select distinct
        event.name,
        acted.customer_id
    from event
    cross join
        lateral (
            select acted_event.customer_id
            from acted_event
            where
                acted_event.workspace_id = event.workspace_id
                and acted_event.event_id = event.id
            order by acted_event.event_id
            limit 1
        ) as acted
    where
        event.workspace_id = %(workspace_id)s
        and (event.written_by, event.id) > (%(since_written_by)s::text::xid8, %(since_event_id)s)
        and (event.written_by, event.id) <= (%(written_by)s::text::xid8, %(event_id)s)
        and acted.customer_id is not null
) as busy
group by busy.name
