-- Keep a template under its name and channel, unless there is one already.
-- Writes template.
insert into template (
    workspace_id, name, channel, purpose, locale, subject, body_text, body_html, vendor_code,
    buttons, created_at
)
values (
    %(workspace_id)s, %(name)s, %(channel)s, %(purpose)s, %(locale)s,
    %(subject)s, %(body_text)s, %(body_html)s, %(vendor_code)s, %(buttons)s::jsonb, %(now)s
)
on conflict (workspace_id, name, channel) do nothing
