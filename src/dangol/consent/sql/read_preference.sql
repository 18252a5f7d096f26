-- Read how often a customer wants to hear from the shop, and until when not at all.
-- Reads preference.
select
    preference.snoozed_until,
    preference.weekly_messages
from preference
where
    preference.workspace_id = %(workspace_id)s
    and preference.customer_id = %(customer_id)s
