-- Keep a template under its name and channel, unless there is one already.
-- Writes template.
insert into template (
    workspace_id, name, channel, purpose, locale, subject, body_text, body_html, created_at
)
values (
    %(workspace_id)s, %(name)s, %(channel)s, %(purpose)s, %(locale)s,
    %(subject)s, %(body_text)s, %(body_html)s, %(now)s
)
on conflict (workspace_id, name, channel) do nothing
