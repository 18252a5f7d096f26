-- Read which ad networks have an address of a customer, under their own name or a part's.
-- Reads audience_member, audience, customer.
select
    audience.network,
    member.channel,
    audience.name as audience,
    member.state,
    member.changed_at,
    audience.ends_at
from audience_member as member
inner join audience on member.audience_id = audience.id
inner join customer on member.customer_id = customer.id
where
    member.workspace_id = %(workspace_id)s
    and (customer.id = %(customer_id)s or customer.head_id = %(customer_id)s)
order by audience.network, audience.name, member.channel
