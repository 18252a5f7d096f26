-- Read what every template of a workspace says, by name.
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
where workspace_id = %(workspace_id)s
order by name, channel
