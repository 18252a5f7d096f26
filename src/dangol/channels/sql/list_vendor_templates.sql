-- List what vendors keep of our templates, by code.
-- Reads vendor_template.
select
    vendor_template.provider,
    vendor_template.channel,
    vendor_template.code,
    vendor_template.name,
    vendor_template.body_text,
    vendor_template.buttons::text as buttons,
    vendor_template.emphasis_title,
    vendor_template.emphasis_subtitle,
    vendor_template.state,
    vendor_template.comment,
    vendor_template.since
from vendor_template
order by vendor_template.code, vendor_template.provider, vendor_template.channel
