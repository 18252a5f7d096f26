-- Count what became of the messages that left in a time, by journey, message, channel or month.
-- Reads delivery, message, receipt, message_total, attribution, journey, template, workspace.
-- Openings and clicks are those that were likely a person's. Conversions are counted with the
-- message that came last before them, on the day on which that left; in unattributed are those of
-- the journey that no message came before.
with shop as (
    select workspace.time_zone
    from workspace
    where workspace.id = %(workspace_id)s
),

counted as (
    select
        message.journey_id,
        message.template_id,
        message.channel,
        (delivery.settled_at at time zone shop.time_zone)::date as day,
        count(*) filter (where delivery.state = 'accepted') as sent,
        count(*) filter (
            where delivery.state = 'rejected' or message.state = 'failed'
        ) as failed,
        count(*) filter (where became.delivered) as delivered,
        count(*) filter (where became.opened) as opened,
        count(*) filter (where became.clicked) as clicked,
        count(*) filter (where became.replied) as replied,
        count(*) filter (where became.complained) as complained,
        count(*) filter (where became.unsubscribed) as unsubscribed,
        coalesce(sum(delivery.cost) filter (
            where delivery.state = 'accepted' and delivery.currency = 'KRW'
        ), 0) as cost
    from delivery
    cross join shop
    inner join message on delivery.message_id = message.id
    left join lateral message_outcome(message.id, %(likely)s::real) as became on true
    where
        delivery.workspace_id = %(workspace_id)s
        and delivery.state in ('accepted', 'rejected')
        and delivery.settled_at >= %(since)s::timestamptz
        and delivery.settled_at < %(until)s::timestamptz
    group by
        message.journey_id,
        message.template_id,
        message.channel,
        (delivery.settled_at at time zone shop.time_zone)::date
    union all
    select
        message_total.journey_id,
        message_total.template_id,
        message_total.channel,
        message_total.day,
        message_total.sent,
        message_total.failed,
        message_total.delivered,
        message_total.opened,
        message_total.clicked,
        message_total.replied,
        message_total.complained,
        message_total.unsubscribed,
        message_total.cost
    from message_total
    cross join shop
    where
        message_total.workspace_id = %(workspace_id)s
        and message_total.day >= (%(since)s::timestamptz at time zone shop.time_zone)::date
        and message_total.day < (%(until)s::timestamptz at time zone shop.time_zone)::date
),

-- What each row is about; of what it is not grouped by it says nothing.
sums as (
    select
        array[
            case when %(by)s in ('journey', 'message') then journey.name end,
            case when %(by)s = 'message' then template.name end,
            case when %(by)s = 'channel' then counted.channel::text end,
            case when %(by)s = 'month' then to_char(counted.day, 'YYYY-MM') end
        ] as about,
        sum(counted.sent)::bigint as sent,
        sum(counted.failed)::bigint as failed,
        sum(counted.delivered)::bigint as delivered,
        sum(counted.opened)::bigint as opened,
        sum(counted.clicked)::bigint as clicked,
        sum(counted.replied)::bigint as replied,
        sum(counted.complained)::bigint as complained,
        sum(counted.unsubscribed)::bigint as unsubscribed,
        sum(counted.cost) as cost
    from counted
    inner join journey on counted.journey_id = journey.id
    inner join template on counted.template_id = template.id
    group by about
),

credit as (
    select
        array[
            case when %(by)s in ('journey', 'message') then journey.name end,
            case when %(by)s = 'message' then template.name end,
            case when %(by)s = 'channel' then attribution.channel::text end,
            case
                when %(by)s = 'month'
                    then to_char(attribution.sent_at at time zone shop.time_zone, 'YYYY-MM')
            end
        ] as about,
        coalesce(attribution.currency, 'KRW') as currency,
        count(*) filter (where attribution.message_id is not null) as conversions,
        count(*) filter (where attribution.message_id is null) as unattributed,
        sum(attribution.revenue) filter (where attribution.message_id is not null) as revenue
    from attribution
    cross join shop
    inner join journey on attribution.journey_id = journey.id
    left join template on attribution.template_id = template.id
    where
        attribution.workspace_id = %(workspace_id)s
        and coalesce(attribution.sent_at, attribution.occurred_at) >= %(since)s::timestamptz
        and coalesce(attribution.sent_at, attribution.occurred_at) < %(until)s::timestamptz
        and (attribution.message_id is not null or %(by)s = 'journey')
    group by about, coalesce(attribution.currency, 'KRW')
),

credits as (
    select
        credit.about,
        sum(credit.conversions)::bigint as conversions,
        sum(credit.unattributed)::bigint as unattributed,
        jsonb_object_agg(credit.currency, credit.revenue) filter (
            where credit.revenue is not null
        ) as revenue
    from credit
    group by credit.about
)

select
    (coalesce(sums.about, credits.about))[1] as journey,
    (coalesce(sums.about, credits.about))[2] as message,
    (coalesce(sums.about, credits.about))[3] as channel,
    (coalesce(sums.about, credits.about))[4] as month,
    coalesce(sums.sent, 0) as sent,
    coalesce(sums.failed, 0) as failed,
    coalesce(sums.delivered, 0) as delivered,
    coalesce(sums.opened, 0) as opened,
    coalesce(sums.clicked, 0) as clicked,
    coalesce(sums.replied, 0) as replied,
    coalesce(sums.complained, 0) as complained,
    coalesce(sums.unsubscribed, 0) as unsubscribed,
    coalesce(sums.cost, 0)::float as cost,
    coalesce(credits.conversions, 0) as conversions,
    coalesce(credits.unattributed, 0) as unattributed,
    coalesce(credits.revenue, '{}') as revenue
from sums
full join credits on sums.about = credits.about
order by journey, message, channel, month
