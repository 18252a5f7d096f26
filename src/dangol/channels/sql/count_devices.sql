-- Count devices by kind and state, those of which nothing was heard, and those asked in a day.
-- Reads workspace, device.
select
    device.platform::text as platform,
    device.state::text as state,
    count(*) as devices,
    count(*) filter (
        where
        device.state = 'active'
        and device.platform <> 'web'
        and workspace.probe_days > 0
        and device.heard_at
        <= %(now)s::timestamptz - make_interval(days => workspace.probe_days)
    ) as silent,
    count(*) filter (where device.probed_at > %(now)s::timestamptz - interval '24 hours') as asked
from device
inner join workspace on device.workspace_id = workspace.id
where device.workspace_id = %(workspace_id)s
group by device.platform, device.state
order by device.platform, device.state
