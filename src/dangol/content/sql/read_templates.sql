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
    body_html,
    vendor_code,
    buttons::text as buttons
from template
where id = any(%(template_ids)s)
