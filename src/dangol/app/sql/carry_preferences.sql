-- What customers had asked for by then: a rest, and how much a week.
-- Reads preference, customer. Writes nothing. Locks nothing.
select
    %(trial)s::integer as workspace_id,
    preference.customer_id,
    preference.snoozed_until,
    preference.weekly_messages,
    preference.changed_at
from preference
inner join customer on preference.customer_id = customer.id
where
    preference.workspace_id = %(workspace_id)s
    and customer.state <> 'erased'
    and preference.changed_at <= %(since)s::timestamptz
