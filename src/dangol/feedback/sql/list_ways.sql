-- List the channels that concern the recipient of a message, and how things stand on each.
-- Reads message, delivery, address, suppression, consent.
-- Those are the message's own, where there is an address, and where they ever said a word. Kakao
-- lets no Alimtalk carry advertising: it is listed only where a consent to it can be taken back.
-- Who refused or complained may agree again, and is then reached; see lift_suppressions.
select
    known.channel,
    known.channel = message.channel as is_own,
    address.key is not null
    and coalesce(suppression.reason in ('complained', 'unsubscribed'), true) as is_reachable,
    coalesce(
        (
            select tried.address_key
            from delivery as tried
            where tried.message_id = message.id and tried.channel = known.channel
            order by tried.attempt desc
            limit 1
        ),
        address.key,
        ''
    ) as address_key,
    message.customer_id,
    consent.state,
    consent.since
from message
cross join unnest(enum_range(null::channel)) as known (channel)
left join address
    on message.customer_id = address.customer_id and known.channel = address.channel
left join suppression
    on
        address.workspace_id = suppression.workspace_id
        and address.channel = suppression.channel
        and address.key = suppression.address_key
left join consent
    on
        message.customer_id = consent.customer_id
        and known.channel = consent.channel
        and consent.purpose = 'marketing'
where
    message.workspace_id = %(workspace_id)s
    and message.id = %(message_id)s
    and (
        consent.state = 'granted'
        or (
            known.channel <> 'kakao_alimtalk'
            and (
                known.channel = message.channel
                or address.key is not null
                or consent.state is not null
            )
        )
    )
order by known.channel
