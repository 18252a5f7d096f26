-- Forget what vendors told long ago, once it has been taken.
-- Reads nothing. Writes vendor_report.
delete from vendor_report
where
    vendor_report.received_at < %(before)s::timestamptz
    and vendor_report.taken_at is not null
