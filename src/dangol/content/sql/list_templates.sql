-- Read what every template of a workspace says, by name.
-- Reads template, topic.
select
    template.id,
    template.name,
    template.channel,
    template.purpose,
    template.locale,
    template.subject,
    template.body_text,
    template.body_html,
    template.vendor_code,
    template.buttons::text as buttons,
    template.emphasis_title,
    template.emphasis_subtitle,
    coalesce(topic.name, '') as topic,
    template.similar_goods,
    template.last_chance,
    template.expected_value
from template
left join topic on template.topic_id = topic.id
where template.workspace_id = %(workspace_id)s
order by template.name, template.channel
