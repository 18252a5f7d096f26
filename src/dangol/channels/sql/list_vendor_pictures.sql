-- Read what a vendor calls pictures, if it keeps them for another hour.
-- Reads vendor_picture.
select
    encode(vendor_picture.hash, 'hex') as hash,
    vendor_picture.use,
    vendor_picture.file_id
from vendor_picture
where
    vendor_picture.provider = %(provider)s
    and vendor_picture.hash = any(%(wanted)s)
    and (
        vendor_picture.lasts_until is null
        or vendor_picture.lasts_until > %(now)s::timestamptz + interval '1 hour'
    )
