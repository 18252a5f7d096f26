-- Read how much a shop wants to say.
-- Reads workspace. Writes nothing. Locks nothing.
select
    workspace.cap_messages,
    workspace.cap_days,
    workspace.daily_messages,
    workspace.sunset_messages,
    workspace.sunset_days,
    workspace.reduced_days,
    workspace.send_time_hours,
    workspace.holdout_permille,
    workspace.opt_out_limit,
    workspace.similar_goods,
    workspace.consent_notices,
    workspace.quiet_from,
    workspace.quiet_until,
    workspace.message_events
from workspace
where workspace.id = %(workspace_id)s
