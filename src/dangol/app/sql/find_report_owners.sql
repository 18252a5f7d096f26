-- Find whose messages reports are about, by what the vendor calls them.
-- Reads delivery.
select
    delivery.provider_message_id,
    delivery.workspace_id
from delivery
where
    delivery.provider = %(provider)s
    and delivery.provider_message_id = any(%(vendor_ids)s::text[])
