-- Note of reports that the opt-out they are has taken effect.
-- Reads nothing. Writes vendor_report.
update vendor_report
set opted_out_at = %(now)s::timestamptz
where
    vendor_report.workspace_id = %(workspace_id)s
    and vendor_report.provider = %(provider)s
    and vendor_report.event_id = any(%(event_ids)s::text[])
