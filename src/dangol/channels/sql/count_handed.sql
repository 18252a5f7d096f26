-- Count what each vendor took and refused since a moment.
-- Reads delivery. Writes nothing. Locks nothing.
select
    delivery.provider,
    count(*) filter (where delivery.state = 'accepted') as taken,
    count(*) filter (where delivery.state = 'rejected') as refused
from delivery
where
    delivery.workspace_id = %(workspace_id)s
    and delivery.state in ('accepted', 'rejected')
    and delivery.settled_at >= %(since)s::timestamptz
group by delivery.provider
order by delivery.provider
