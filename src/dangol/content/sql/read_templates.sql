-- Read what some templates say.
-- Reads template, topic, picture.
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
    template.expected_value,
    case
        when picture.hash is null then ''
        else jsonb_build_object(
            'hash', encode(picture.hash, 'hex'),
            'kind', picture.kind,
            'width', picture.width,
            'height', picture.height,
            'size', length(picture.content)
        )::text
    end as picture,
    template.bubble,
    template.targeting,
    template.bubble_parts::text as bubble_parts
from template
left join topic on template.topic_id = topic.id
left join picture
    on
        template.workspace_id = picture.workspace_id
        and template.picture_hash = picture.hash
where template.id = any(%(template_ids)s)
