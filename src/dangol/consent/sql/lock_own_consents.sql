-- Wait for whatever is passing the door towards a customer, and let nothing pass meanwhile.
-- Reads consent. Writes nothing. Locks the customer's consents, which the door locks for share.
select consent.state
from consent
where
    consent.workspace_id = %(workspace_id)s
    and consent.customer_id = %(customer_id)s
order by consent.channel, consent.purpose
for no key update
