-- List what has been told and does not stand in the ledger yet, the longest told first.
-- Reads consent_notice, delivery. Locks the notices; another who does the same passes them over.
select
    consent_notice.id,
    consent_notice.customer_id,
    consent_notice.channel::text as channel,
    consent_notice.kind::text as kind,
    delivery.settled_at
from consent_notice
inner join delivery
    on consent_notice.message_id = delivery.message_id and delivery.state = 'accepted'
where
    consent_notice.workspace_id = %(workspace_id)s
    and consent_notice.told_at is null
    and consent_notice.dropped_at is null
order by consent_notice.id
limit %(batch)s
for no key update of consent_notice skip locked
