-- The shop as it is tried out: its rules, under a number of its own.
-- Reads workspace. Writes nothing. Locks nothing.
select
    %(trial)s::integer as id,
    workspace.name,
    workspace.time_zone,
    workspace.default_locale,
    workspace.country,
    workspace.sender_name,
    workspace.sender_email,
    workspace.sender_postal,
    workspace.sender_phone,
    workspace.quiet_from,
    workspace.quiet_until,
    workspace.cap_messages,
    workspace.cap_days,
    workspace.daily_messages,
    workspace.reduced_days,
    workspace.send_time_hours,
    workspace.holdout_permille,
    workspace.similar_goods,
    workspace.created_at
from workspace
where workspace.id = %(workspace_id)s
