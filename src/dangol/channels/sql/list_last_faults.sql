-- List what each vendor said last that kept a message from arriving.
-- Reads delivery. Writes nothing. Locks nothing.
-- Of the latest thousand: a vendor without faults costs no walk through all there ever were.
with latest as (
    select
        delivery.id,
        delivery.provider,
        delivery.fault,
        coalesce(delivery.code, '') as code,
        coalesce(delivery.detail, '') as detail,
        delivery.settled_at
    from delivery
    where
        delivery.workspace_id = %(workspace_id)s
        and (
            delivery.state in ('rejected', 'unknown')
            or (delivery.state = 'retryable' and delivery.retry_at is null)
        )
    order by delivery.id desc
    limit 1000
)

select distinct on (latest.provider)
    latest.provider,
    latest.fault,
    latest.code,
    latest.detail,
    latest.settled_at
from latest
where latest.settled_at is not null
order by latest.provider asc, latest.id desc
