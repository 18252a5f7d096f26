-- Delete a customer's events of these names from the inbox, as far as the tick has come.
-- Reads acted_event. Writes event. Locks the rows it deletes.
delete from event
using acted_event
where
    event.workspace_id = %(workspace_id)s
    and event.name = any(%(event_names)s::text[])
    and acted_event.workspace_id = event.workspace_id
    and acted_event.event_id = event.id
    and acted_event.customer_id = %(customer_id)s
