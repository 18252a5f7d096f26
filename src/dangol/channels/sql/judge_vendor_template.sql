-- Note how far an Alimtalk template has come, as the vendor that keeps it told by itself.
-- Writes vendor_template. Locks the template's row.
-- What is older than what is known changes nothing; a block ends only by the vendor's own list.
update vendor_template
set state = %(state)s, comment = %(comment)s, since = %(told_at)s::timestamptz
where
    vendor_template.provider = %(provider)s
    and vendor_template.channel = 'kakao_alimtalk'
    and vendor_template.code = %(code)s
    and vendor_template.state not in ('stopped', 'gone')
    and vendor_template.since <= %(told_at)s::timestamptz
    and (vendor_template.state, vendor_template.comment)
    <> (%(state)s::template_state, %(comment)s::text)
