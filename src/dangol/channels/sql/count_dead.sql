-- Count what is over without having arrived, by channel, vendor and the vendor's code.
-- Reads delivery, message. Writes nothing. Locks nothing.
-- The same as list_dead shows, of its latest thousands.
with latest as (
    select
        delivery.id,
        delivery.message_id,
        delivery.attempt,
        delivery.channel,
        delivery.provider,
        delivery.state,
        coalesce(delivery.code, '') as code
    from delivery
    where
        delivery.workspace_id = %(workspace_id)s
        and (
            delivery.state in ('rejected', 'unknown')
            or (delivery.state = 'retryable' and delivery.retry_at is null)
        )
    order by delivery.id desc
    limit %(most)s
)

select
    latest.channel,
    latest.provider,
    latest.code,
    count(*) as letters
from latest
inner join message on latest.message_id = message.id
where
    message.state = case
        when latest.state = 'unknown' then 'handed'
        else 'failed'
    end::message_state
    and not exists (
        select
        from delivery as later
        where later.message_id = latest.message_id and later.attempt > latest.attempt
    )
group by latest.channel, latest.provider, latest.code
order by letters desc, latest.channel, latest.provider, latest.code
