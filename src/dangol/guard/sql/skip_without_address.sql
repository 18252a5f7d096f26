-- Skip what has nowhere to go: no address for the channel, or one that bounced.
-- Reads candidate, address. Writes objection. Locks nothing.
-- A note in the shop's own pages needs none: whoever comes finds it.
insert into objection (rule, message_id, verdict, reason)
select
    %(rule)s::integer,
    candidate.message_id,
    'skip',
    'no_address'
from candidate
where
    candidate.channel <> 'inapp'
    and not exists (
        select
        from address
        where
            address.customer_id = candidate.customer_id
            and address.channel = candidate.channel
            and address.state = 'reachable'
    )
