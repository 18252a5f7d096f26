-- Keep a template under its name and channel, replacing what stood there.
-- Writes template.
insert into template (
    workspace_id, name, channel, purpose, locale, subject, body_text, body_html, vendor_code,
    buttons, created_at
)
values (
    %(workspace_id)s, %(name)s, %(channel)s, %(purpose)s, %(locale)s,
    %(subject)s, %(body_text)s, %(body_html)s, %(vendor_code)s, %(buttons)s::jsonb, %(now)s
)
on conflict (workspace_id, name, channel) do update
    set
        purpose = excluded.purpose,
        locale = excluded.locale,
        subject = excluded.subject,
        body_text = excluded.body_text,
        body_html = excluded.body_html,
        vendor_code = excluded.vendor_code,
        buttons = excluded.buttons
returning id
