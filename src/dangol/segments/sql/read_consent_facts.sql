-- Read every customer's last word on the channels and purposes.
-- Reads consent.
select
    consent.customer_id,
    consent.channel,
    consent.purpose,
    consent.state
from consent
where consent.workspace_id = %(workspace_id)s
