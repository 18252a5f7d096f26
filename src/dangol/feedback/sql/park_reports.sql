-- Keep reports of no message that we know.
-- Writes parked_report.
insert into parked_report (workspace_id, provider, event_id, vendor_id, report, parked_at)
select
    %(workspace_id)s,
    %(provider)s,
    told.event_id,
    told.vendor_id,
    told.report::jsonb,
    %(now)s::timestamptz
from
    unnest(
        %(event_ids)s::text[], %(vendor_ids)s::text[], %(reports)s::text[]
    ) as told (event_id, vendor_id, report)
on conflict (workspace_id, provider, event_id) do nothing
