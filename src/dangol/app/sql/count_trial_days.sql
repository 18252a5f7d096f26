-- Count what a journey did on each day of the shop's: who entered, who was turned away, what left.
-- Reads enrollment, journey_day, message. Writes nothing. Locks nothing.
with entered as (
    select
        (enrollment.entered_at at time zone %(zone)s)::date as day,
        count(*) as entered
    from enrollment
    where
        enrollment.journey_id = %(journey_id)s and enrollment.version_id = %(version_id)s
    group by 1
),

turned as (
    select
        journey_day.day,
        journey_day.turned_away
    from journey_day
    where journey_day.journey_id = %(journey_id)s and journey_day.turned_away > 0
),

sent as (
    select
        (message.allowed_at at time zone %(zone)s)::date as day,
        message.channel,
        count(*) as messages
    from message
    where
        message.version_id = %(version_id)s and message.state in ('allowed', 'handed')
    group by 1, 2
)

select
    coalesce(entered.day, turned.day, sent.day) as day,
    coalesce(entered.entered, 0) as entered,
    coalesce(turned.turned_away, 0) as turned_away,
    sent.channel,
    coalesce(sent.messages, 0) as messages
from entered
full join turned on entered.day = turned.day
full join sent on sent.day = coalesce(entered.day, turned.day)
order by 1, 4
