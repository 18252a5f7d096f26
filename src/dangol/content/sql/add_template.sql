-- Keep a template under its name and channel, unless there is one already.
-- Reads topic. Writes template.
insert into template (
    workspace_id, name, channel, purpose, locale, subject, body_text, body_html, vendor_code,
    buttons, emphasis_title, emphasis_subtitle, topic_id, similar_goods, last_chance,
    expected_value, created_at, picture_hash, bubble, targeting, bubble_parts
)
values (
    %(workspace_id)s, %(name)s, %(channel)s, %(purpose)s, %(locale)s,
    %(subject)s, %(body_text)s, %(body_html)s, %(vendor_code)s, %(buttons)s::jsonb,
    %(emphasis_title)s, %(emphasis_subtitle)s,
    (
        select topic.id
        from topic
        where topic.workspace_id = %(workspace_id)s and topic.name = %(topic)s
    ),
    %(similar_goods)s, %(last_chance)s, %(expected_value)s, %(now)s,
    decode(nullif(%(picture)s, '')::jsonb ->> 'hash', 'hex'), %(bubble)s, %(targeting)s,
    %(bubble_parts)s::jsonb
)
on conflict (workspace_id, name, channel) do nothing
