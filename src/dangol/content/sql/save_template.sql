-- Keep a template under its name and channel, replacing what stood there.
-- A code that a vendor has given it stays, unless another is said.
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
on conflict (workspace_id, name, channel) do update
    set
        purpose = excluded.purpose,
        locale = excluded.locale,
        subject = excluded.subject,
        body_text = excluded.body_text,
        body_html = excluded.body_html,
        vendor_code = coalesce(nullif(excluded.vendor_code, ''), template.vendor_code),
        buttons = excluded.buttons,
        emphasis_title = excluded.emphasis_title,
        emphasis_subtitle = excluded.emphasis_subtitle,
        topic_id = excluded.topic_id,
        similar_goods = excluded.similar_goods,
        last_chance = excluded.last_chance,
        expected_value = excluded.expected_value,
        picture_hash = excluded.picture_hash,
        bubble = excluded.bubble,
        targeting = excluded.targeting,
        bubble_parts = excluded.bubble_parts
returning id
