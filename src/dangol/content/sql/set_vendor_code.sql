-- Note what the vendor calls a template.
-- Writes template. Locks it.
update template
set vendor_code = %(code)s
where template.id = %(template_id)s
