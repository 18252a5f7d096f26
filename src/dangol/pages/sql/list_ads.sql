-- List a customer's addresses that ad networks might be given, and whether they agreed to that.
-- Reads address, audience, consent.
-- Where the shop has no such audience nobody is asked; what was agreed to can always be taken back.
select
    address.channel,
    coalesce(consent.state = 'granted', false) as is_on
from address
left join consent
    on
        address.customer_id = consent.customer_id
        and address.channel = consent.channel
        and consent.purpose = 'ad_audience'
where
    address.workspace_id = %(workspace_id)s
    and address.customer_id = %(customer_id)s
    and address.channel in ('email', 'sms')
    and (
        consent.state = 'granted'
        or exists (
            select
            from audience
            where
                audience.workspace_id = address.workspace_id
                and audience.removed_at is null
                and audience.ends_at > %(now)s::timestamptz
                and address.channel = any(audience.channels)
        )
    )
order by address.channel
