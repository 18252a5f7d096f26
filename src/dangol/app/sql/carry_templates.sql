-- The shop's templates, as they are today; without pictures, which nobody sees in a trial.
-- Reads template. Writes nothing. Locks nothing.
select
    template.id,
    %(trial)s::integer as workspace_id,
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
    template.topic_id,
    template.similar_goods,
    template.last_chance,
    template.expected_value,
    template.created_at,
    null::bytea as picture_hash,
    template.bubble,
    template.targeting,
    template.bubble_parts
from template
where template.workspace_id = %(workspace_id)s
