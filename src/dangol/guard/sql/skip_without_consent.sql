-- Skip advertising that the customer did not agree to; information needs no consent.
-- Reads consent. Writes candidate. Locks nothing.
update candidate
set verdict = 'skip', reason = 'no_consent'
where
    candidate.verdict is null
    and candidate.purpose = 'marketing'
    and not exists (
        select
        from consent
        where
            consent.customer_id = candidate.customer_id
            and consent.channel = candidate.channel
            and consent.purpose = candidate.purpose
            and consent.state = 'granted'
    )
