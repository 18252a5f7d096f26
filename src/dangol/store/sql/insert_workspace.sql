-- Create a shop.
-- Writes workspace.
insert into workspace (
    name,
    time_zone,
    default_locale,
    country,
    sender_name,
    sender_email,
    sender_postal,
    sender_phone,
    quiet_from,
    quiet_until,
    cap_messages,
    cap_days,
    notice_ko,
    notice_en,
    created_at
)
values (
    %(name)s,
    %(time_zone)s,
    %(default_locale)s,
    %(country)s,
    %(sender_name)s,
    %(sender_email)s,
    %(sender_postal)s,
    %(sender_phone)s,
    %(quiet_from)s,
    %(quiet_until)s,
    %(cap_messages)s,
    %(cap_days)s,
    %(notice_ko)s,
    %(notice_en)s,
    %(now)s
)
returning id
