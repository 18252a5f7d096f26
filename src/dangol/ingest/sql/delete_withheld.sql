-- Delete from the inbox what is not kept.
-- Reads withheld, arrival. Writes event. Locks the events it deletes.
delete from event
using withheld, arrival
where
    withheld.trait = ''
    and not withheld.carries
    and withheld.event_id = arrival.event_id
    and event.workspace_id = %(workspace_id)s
    and event.written_by = arrival.written_by
    and event.id = arrival.event_id
    and event.received_at = arrival.received_at
