-- Keep a reference's contacts as they are sealed anew.
-- Writes shop_reference. Locks the reference.
update shop_reference
set contacts = %(contacts)s::jsonb
where
    shop_reference.connection_id = %(connection_id)s
    and shop_reference.reference = %(reference)s
