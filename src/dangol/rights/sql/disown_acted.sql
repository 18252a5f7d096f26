-- Let the customer's message ids still never act again, and say no more whose they were.
-- Writes acted_event. Locks the rows it changes.
update acted_event
set customer_id = null
where
    acted_event.workspace_id = %(workspace_id)s
    and acted_event.customer_id = %(customer_id)s
    and (
        %(event_ids)s::bigint[] is null or acted_event.event_id = any(%(event_ids)s::bigint[])
    )
