-- Forget what a vendor called pictures.
-- Reads nothing. Writes vendor_picture. Locks its rows.
delete from vendor_picture
where
    vendor_picture.provider = %(provider)s
    and vendor_picture.file_id = any(%(file_ids)s::text[])
