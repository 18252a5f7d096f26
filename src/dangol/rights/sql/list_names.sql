-- List everything by which anybody is known, as the erasure log calls it.
-- Reads identifier, address.
select
    case when identifier.sealed is null then identifier.kind::text else 'contact' end as kind,
    identifier.key,
    identifier.customer_id
from identifier
where identifier.workspace_id = %(workspace_id)s
union all
select
    'contact',
    address.key,
    address.customer_id
from address
where address.workspace_id = %(workspace_id)s
