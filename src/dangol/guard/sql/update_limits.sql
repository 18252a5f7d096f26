-- Change how much a shop wants to say.
-- Writes workspace. Locks the workspace's row; others may still read it.
update workspace
set
    cap_messages = %(cap_messages)s,
    cap_days = %(cap_days)s,
    daily_messages = %(daily_messages)s,
    sunset_messages = %(sunset_messages)s,
    sunset_days = %(sunset_days)s,
    reduced_days = %(reduced_days)s,
    send_time_hours = %(send_time_hours)s,
    holdout_permille = %(holdout_permille)s,
    opt_out_limit = %(opt_out_limit)s,
    similar_goods = %(similar_goods)s,
    consent_notices = %(consent_notices)s,
    quiet_from = %(quiet_from)s,
    quiet_until = %(quiet_until)s,
    message_events = %(message_events)s
where workspace.id = %(workspace_id)s
