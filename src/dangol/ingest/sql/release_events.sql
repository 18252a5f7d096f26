-- Take out the events that waited to hear whose order, checkout or cart this is.
-- Writes shop_waiting. Locks the rows it deletes.
delete from shop_waiting
where
    shop_waiting.connection_id = %(connection_id)s
    and shop_waiting.reference = %(reference)s
returning shop_waiting.event
