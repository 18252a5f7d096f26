-- Take the parked reports whose message is known by now.
-- Reads delivery. Writes parked_report. Locks the rows it takes.
delete from parked_report
using delivery
where
    parked_report.workspace_id = %(workspace_id)s
    and parked_report.provider = %(provider)s
    and parked_report.parked_at > %(since)s::timestamptz
    and parked_report.vendor_id <> ''
    and delivery.workspace_id = parked_report.workspace_id
    and delivery.provider = parked_report.provider
    and delivery.provider_message_id = parked_report.vendor_id
returning parked_report.report::text
