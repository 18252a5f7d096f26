-- Read the last word of customers, all or some, on the channels and purposes.
-- Reads consent.
select
    consent.customer_id,
    consent.channel,
    consent.purpose,
    consent.state
from consent
where
    consent.workspace_id = %(workspace_id)s
    and (
        %(customer_ids)s::bigint[] is null
        or consent.customer_id = any(%(customer_ids)s::bigint[])
    )
