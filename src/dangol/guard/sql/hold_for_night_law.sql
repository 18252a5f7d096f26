-- Hold advertising while the law forbids it for the night, unless the customer agreed to that, too.
-- Reads candidate. Writes objection. Locks nothing.
insert into objection (rule, message_id, verdict, reason, hold_until)
select
    %(rule)s::integer,
    candidate.message_id,
    'hold',
    'night_law',
    rule.ends_at
from candidate
inner join
    unnest(
        %(night_laws)s::text[],
        %(night_channels)s::channel[],
        %(night_zones)s::text[],
        %(night_lifted)s::boolean[],
        %(night_ends)s::timestamptz[]
    ) as rule (law, channel, zone, lifted, ends_at)
    on
        candidate.law = rule.law
        and candidate.channel = rule.channel
        and candidate.zone = rule.zone
where
    candidate.purpose = 'marketing'
    and not (
        rule.lifted
        and candidate.consent_state is not distinct from 'granted'
        and candidate.night
    )
