-- Skip a Kakao message whose template no vendor that keeps it says is approved.
-- Reads candidate, template, vendor_template. Writes objection. Locks nothing.
-- Of a code that no vendor has listed nothing is known; what a vendor says of it then decides.
insert into objection (rule, message_id, verdict, reason)
select
    %(rule)s::integer,
    candidate.message_id,
    'skip',
    'template_unapproved'
from candidate
inner join template on candidate.template_id = template.id
inner join vendor_template
    on
        template.vendor_code = vendor_template.code
        and candidate.channel = vendor_template.channel
where candidate.channel in ('kakao_alimtalk', 'kakao_brand')
group by candidate.message_id
having not bool_or(vendor_template.state = 'approved')
