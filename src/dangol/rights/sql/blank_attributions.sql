-- Forget by which events the customer reached the goals of journeys; what it brought stays.
-- Reads conversion. Writes attribution. Locks the rows it changes.
update attribution
set goal_key = 'erased:' || attribution.id
from conversion
where
    conversion.workspace_id = %(workspace_id)s
    and conversion.customer_id = %(customer_id)s
    and attribution.workspace_id = conversion.workspace_id
    and attribution.goal_key = conversion.message_id
