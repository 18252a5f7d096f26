-- Read one shop's settings.
-- Reads workspace, message_cap.
select
    id,
    name,
    time_zone,
    default_locale,
    country,
    sender_name,
    sender_email,
    sender_postal,
    sender_phone,
    opt_out_phone,
    quiet_from,
    quiet_until,
    cap_messages,
    cap_days,
    greatest(
        cap_days,
        reduced_days,
        7,
        (
            select max(message_cap.days)
            from message_cap
            where message_cap.workspace_id = workspace.id
        )
    ) as counted_days,
    notice_ko,
    notice_en,
    brand_colour,
    logo_url,
    sending_paused
from workspace
where id = %(workspace_id)s
