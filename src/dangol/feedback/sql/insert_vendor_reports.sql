-- Keep what a vendor told, each thing once; return what is new.
-- Reads nothing. Writes vendor_report. Locks nothing.
insert into vendor_report (
    workspace_id, provider, event_id, report, address_key, received_at
)
select
    %(workspace_id)s::integer,
    %(provider)s::text,
    told.event_id,
    told.report,
    told.address_key,
    %(now)s::timestamptz
from
    unnest(
        %(event_ids)s::text[], %(reports)s::jsonb[], %(address_keys)s::text[]
    ) as told (event_id, report, address_key)
on conflict (workspace_id, provider, event_id) do nothing
returning event_id
