-- List everything by which anybody is known, as the erasure log calls it.
-- Reads identifier.
-- What several people share is no name of any of them.
select
    case when identifier.sealed is null then identifier.kind::text else 'contact' end as kind,
    identifier.key,
    identifier.customer_id
from identifier
where identifier.workspace_id = %(workspace_id)s and identifier.customer_id is not null
