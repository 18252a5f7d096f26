-- Read what some templates say.
-- Reads template.
select
    id,
    name,
    channel,
    purpose,
    locale,
    subject,
    body_text,
    body_html
from template
where id = any(%(template_ids)s)
