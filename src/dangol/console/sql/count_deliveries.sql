-- Attempts to hand messages over, by what became of them.
-- Reads delivery.
select
    delivery.state,
    count(*) as count
from delivery
where delivery.workspace_id = %(workspace_id)s
group by delivery.state
order by delivery.state
