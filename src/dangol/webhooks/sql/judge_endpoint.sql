-- Let an endpoint's health follow from a call: one success heals, failures let it rest or end it.
-- Writes webhook_endpoint. Locks the endpoint.
update webhook_endpoint
set
    failures = case when %(taken)s::boolean then 0 else webhook_endpoint.failures + 1 end,
    failing_since = case
        when not %(taken)s::boolean
            then coalesce(webhook_endpoint.failing_since, %(now)s::timestamptz)
    end,
    rests_until = case
        when not %(taken)s::boolean and webhook_endpoint.failures + 1 >= %(failures_max)s::integer
            then %(now)s::timestamptz + %(rest)s::interval
    end,
    disabled_at = case
        when %(taken)s::boolean then webhook_endpoint.disabled_at
        when
            webhook_endpoint.disabled_at is null
            and (
                %(gone)s::boolean
                or webhook_endpoint.failing_since
                <= %(now)s::timestamptz - %(patience)s::interval
            )
            then %(now)s::timestamptz
        else webhook_endpoint.disabled_at
    end,
    disabled_because = case
        when %(taken)s::boolean or webhook_endpoint.disabled_at is not null
            then webhook_endpoint.disabled_because
        when %(gone)s::boolean then 'gone'
        when
            webhook_endpoint.failing_since <= %(now)s::timestamptz - %(patience)s::interval
            then 'only_failures'
    end
where
    webhook_endpoint.id = %(endpoint_id)s
    -- A healthy endpoint is not written to for every call that goes well.
    and not (%(taken)s::boolean and webhook_endpoint.failures = 0)
