-- Claim the allowed messages whose time has come, each as a new attempt.
-- Reads installation, workspace, template, vendor_template, customer, address, customer_key,
-- enrollment.
-- Writes message, delivery. Locks the messages it looks at.
-- Messages wait in lanes, one for each channel, purpose, journey and template, and each journey
-- gives one in its turn: one of few does not wait behind one of a million. For each advertisement
-- of a journey ten messages that are none go before, so that neither waits for ever.
-- A lane whose template is approved at other vendors alone is theirs. Where it is approved nowhere
-- anybody takes it, and the guard says at the door why it does not go.
-- What another vendor may have, or the key of whose call no longer protects, is left alone.
with recursive lane as (
    (
        select
            message.channel,
            message.purpose,
            message.journey_id,
            message.template_id
        from message
        where message.workspace_id = %(workspace_id)s and message.state = 'allowed'
        order by message.channel, message.purpose, message.journey_id, message.template_id
        limit 1
    )
    union all
    select
        following.channel,
        following.purpose,
        following.journey_id,
        following.template_id
    from lane
    cross join
        lateral (
            select
                message.channel,
                message.purpose,
                message.journey_id,
                message.template_id
            from message
            where
                message.workspace_id = %(workspace_id)s
                and message.state = 'allowed'
                and (message.channel, message.purpose, message.journey_id, message.template_id)
                > (lane.channel, lane.purpose, lane.journey_id, lane.template_id)
            order by message.channel, message.purpose, message.journey_id, message.template_id
            limit 1
        ) as following
),

ours as (
    select
        lane.channel,
        lane.purpose,
        lane.journey_id,
        lane.template_id
    from lane
    inner join workspace on workspace.id = %(workspace_id)s
    inner join template on lane.template_id = template.id
    where
        lane.channel = any(%(channels)s::channel[])
        and lane.purpose = any(%(purposes)s::purpose[])
        and not workspace.sending_paused
        and not exists (
            select
            from installation
            where installation.paused_at is not null
        )
        and (
            not exists (
                select
                from vendor_template
                where
                    vendor_template.code = template.vendor_code
                    and vendor_template.channel = lane.channel
                    and vendor_template.state = 'approved'
            )
            or exists (
                select
                from vendor_template
                where
                    vendor_template.code = template.vendor_code
                    and vendor_template.channel = lane.channel
                    and vendor_template.state = 'approved'
                    and vendor_template.provider = %(provider)s
            )
        )
),

share as (
    select least(%(batch)s::bigint, 1 + 2 * %(batch)s::bigint / greatest(count(*), 1)) as most
    from (
        select distinct
            ours.channel,
            ours.purpose,
            ours.journey_id
        from ours
    ) as journey
),

waiting as (
    select
        first_of.id,
        first_of.act_at,
        ours.purpose,
        row_number() over (
            partition by ours.channel, ours.purpose, ours.journey_id
            order by first_of.act_at, first_of.id
        ) as place
    from ours
    cross join share
    cross join
        lateral (
            select
                message.id,
                message.act_at
            from message
            where
                message.workspace_id = %(workspace_id)s
                and message.channel = ours.channel
                and message.purpose = ours.purpose
                and message.journey_id = ours.journey_id
                and message.template_id = ours.template_id
                and message.state = 'allowed'
                and message.act_at <= %(now)s::timestamptz
                and not exists (
                    select
                    from delivery
                    where
                        delivery.message_id = message.id
                        and delivery.doubt_until is not null
                        and (
                            delivery.provider <> %(provider)s
                            or delivery.doubt_until <= %(now)s::timestamptz
                        )
                )
            order by message.act_at, message.id
            limit share.most
            for update skip locked
        ) as first_of
),

turn as (
    select waiting.id
    from waiting
    order by
        (waiting.place - 1) / case waiting.purpose when 'informational' then 10 else 1 end,
        waiting.purpose desc,
        waiting.act_at,
        waiting.id
    limit %(batch)s
),

due as (
    update message
    set state = 'handed', act_at = null
    from turn
    where message.id = turn.id
    returning
        message.id,
        message.workspace_id,
        message.customer_id,
        message.channel,
        message.journey_id,
        message.template_id,
        message.purpose,
        message.enrollment_id
),

claimed as (
    insert into delivery (
        workspace_id, message_id, customer_id, attempt, channel, provider, address_key,
        state, claimed_by, claimed_at, lease_until
    )
    select
        due.workspace_id,
        due.id,
        due.customer_id,
        1 + coalesce(
            (
                select max(earlier.attempt)
                from delivery as earlier
                where earlier.message_id = due.id
            ), 0
        ),
        due.channel,
        %(provider)s,
        coalesce(address.key, ''),
        'claimed',
        %(worker)s,
        %(now)s::timestamptz,
        %(now)s::timestamptz + %(lease)s::interval
    from due
    left join address on due.customer_id = address.customer_id and due.channel = address.channel
    order by due.purpose desc, due.id
    -- A message that still has a live attempt is handed over already.
    on conflict do nothing
    returning id, message_id
)

select
    claimed.id as delivery_id,
    due.workspace_id,
    due.id as message_id,
    due.customer_id,
    due.journey_id,
    due.template_id,
    due.channel,
    due.purpose,
    address.sealed as address,
    customer_key.wrapped as address_key,
    customer.traits,
    enrollment.entry_properties as event
from claimed
inner join due on claimed.message_id = due.id
left join enrollment on due.enrollment_id = enrollment.id
inner join customer on due.customer_id = customer.id
left join address on due.customer_id = address.customer_id and due.channel = address.channel
left join customer_key on address.key_of = customer_key.customer_id
order by claimed.id
