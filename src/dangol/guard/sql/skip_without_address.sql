-- Skip what has nowhere to go: no address for the channel, or one that bounced.
-- Reads address. Writes candidate. Locks nothing.
-- A note in the shop's own pages needs none: whoever comes finds it.
update candidate
set
    verdict = coalesce(candidate.verdict, 'skip'),
    reasons = array_append(candidate.reasons, 'no_address')
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
