-- Find the reports of a vendor whose refusal took effect when they were told, and when that was.
-- Reads vendor_report.
select
    vendor_report.event_id,
    vendor_report.opted_out_at
from vendor_report
where
    vendor_report.workspace_id = %(workspace_id)s
    and vendor_report.provider = %(provider)s
    and vendor_report.event_id = any(%(event_ids)s::text[])
    and vendor_report.opted_out_at is not null
