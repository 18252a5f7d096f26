-- Hold advertising until the hours at which its customer usually reacts, if they begin soon enough.
-- Reads candidate, send_hour, decision. Writes objection. Locks nothing.
-- Once for each message, before it is allowed, and only where it is still worth sending then.
-- Nothing waits into a night of the law.
insert into objection (rule, message_id, verdict, reason, hold_until)
select
    %(rule)s::integer,
    candidate.message_id,
    'hold',
    'send_time',
    start.at
from candidate
inner join send_hour
    on
        candidate.customer_id = send_hour.customer_id
        and candidate.channel = send_hour.channel
inner join
    unnest(
        %(send_zones)s::text[], %(send_hours)s::integer[], %(send_starts)s::timestamptz[]
    ) as start (zone, hour, at)
    on candidate.zone = start.zone and send_hour.hour = start.hour
where
    candidate.purpose = 'marketing'
    and candidate.allowed_at is null
    and start.at < candidate.expires_at
    and not exists (
        select
        from
            unnest(
                %(dark_laws)s::text[],
                %(dark_channels)s::channel[],
                %(dark_zones)s::text[],
                %(dark_hours)s::integer[]
            ) as dark (law, channel, zone, hour)
        where
            candidate.law = dark.law
            and candidate.channel = dark.channel
            and candidate.zone = dark.zone
            and send_hour.hour = dark.hour
    )
    and not exists (
        select
        from decision
        where
            decision.message_id = candidate.message_id
            and decision.reason = 'send_time'
    )
