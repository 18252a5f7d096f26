-- List where a customer agreed to advertising, each with whether to the night, too.
-- Reads consent, customer.
select
    consent.channel,
    coalesce(consent.night, false) as night,
    customer.country
from consent
inner join customer on consent.customer_id = customer.id
where
    consent.workspace_id = %(workspace_id)s
    and consent.customer_id = %(customer_id)s
    and consent.purpose = 'marketing'
    and consent.state = 'granted'
order by consent.channel
