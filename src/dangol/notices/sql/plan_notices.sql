-- Plan one message for everybody to whom something is to be told now, some people at a time.
-- Reads consent_notice, customer, workspace, address, suppression, template, journey.
-- Writes consent_notice, enrollment, message. Locks the notices it takes.
-- It goes where the word was said, else any other way that a vendor is set for, e-mail last. Who
-- cannot be reached is looked at again a day later. Nobody is told more often than once a day.
with shop as (
    select
        workspace.default_locale,
        workspace.time_zone
    from workspace
    where workspace.id = %(workspace_id)s
),

ready as (
    select
        consent_notice.kind,
        coalesce(customer.head_id, customer.id) as person_id,
        min(consent_notice.due_at) as due_at
    from consent_notice
    inner join customer on consent_notice.customer_id = customer.id
    where
        consent_notice.workspace_id = %(workspace_id)s
        and consent_notice.ready_at <= %(now)s::timestamptz
    group by consent_notice.kind, coalesce(customer.head_id, customer.id)
    order by min(consent_notice.due_at), coalesce(customer.head_id, customer.id)
    limit %(batch)s
),

-- All that is open of theirs, of what is ready and of what is not yet.
waiting as (
    select
        consent_notice.id,
        ready.kind,
        ready.person_id,
        ready.due_at,
        consent_notice.channel,
        consent_notice.action,
        consent_notice.said_at,
        consent_notice.action in ('night_grant', 'night_withdraw') as of_night
    from ready
    inner join customer on ready.person_id = coalesce(customer.head_id, customer.id)
    inner join consent_notice
        on
            customer.id = consent_notice.customer_id
            and ready.kind = consent_notice.kind
            and consent_notice.ready_at is not null
    for no key update of consent_notice
),

-- Of each channel the last word, and the last about its nights.
word as (
    select distinct on (waiting.person_id, waiting.kind, waiting.channel, waiting.of_night)
        waiting.id,
        waiting.person_id,
        waiting.kind,
        waiting.channel,
        waiting.action,
        waiting.said_at
    from waiting
    order by
        waiting.person_id,
        waiting.kind,
        waiting.channel,
        waiting.of_night,
        waiting.said_at desc,
        waiting.id desc
),

said as (
    select
        word.person_id,
        word.kind,
        min(word.id) as first_id,
        (array_agg(word.channel order by word.said_at desc, word.id desc))[1] as channel,
        jsonb_agg(
            jsonb_build_object(
                'channel', word.channel,
                'action', word.action,
                'day', to_char(word.said_at at time zone shop.time_zone, 'YYYY-MM-DD')
            )
            order by word.said_at, word.id
        ) as changes
    from word
    cross join shop
    group by word.person_id, word.kind
),

way as (
    select distinct on (said.person_id, said.kind)
        said.person_id,
        said.kind,
        said.first_id,
        said.changes,
        template.id as template_id,
        template.channel,
        journey.id as journey_id,
        journey.version_id,
        journey_version.first_step
    from said
    cross join shop
    inner join customer on said.person_id = customer.id
    inner join journey
        on
            journey.workspace_id = %(workspace_id)s
            and 'consent-' || said.kind = journey.name
            and journey.state = 'running'
    inner join journey_version on journey.version_id = journey_version.id
    inner join address
        on
            said.person_id = address.customer_id
            and address.state = 'reachable'
            and address.channel = any(%(channels)s::channel[])
    inner join template
        on
            template.workspace_id = %(workspace_id)s
            and template.name = 'consent_' || said.kind || '_' || case
                when customer.locale ilike 'ko%%' then 'ko'
                when customer.locale is not null then 'en'
                else shop.default_locale
            end
            and address.channel = template.channel
            and template.purpose = 'informational'
    where
        not exists (
            select
            from suppression
            where
                suppression.workspace_id = address.workspace_id
                and suppression.channel = address.channel
                and suppression.address_key = address.key
        )
        and not exists (
            select
            from message
            where
                message.customer_id = said.person_id
                and message.journey_id = journey.id
                and message.planned_at > %(now)s::timestamptz - interval '20 hours'
        )
    order by
        said.person_id,
        said.kind,
        (address.channel = said.channel) desc,
        (address.channel = 'email'),
        address.channel
),

entered as (
    insert into enrollment (
        workspace_id,
        journey_id,
        version_id,
        customer_id,
        entry_key,
        state,
        step_number,
        planned,
        entered_at,
        ended_at,
        end_reason,
        entry_properties
    )
    select
        %(workspace_id)s,
        way.journey_id,
        way.version_id,
        way.person_id,
        'notice:' || way.first_id || ':' || extract(epoch from %(now)s::timestamptz),
        'ended',
        way.first_step,
        1,
        %(now)s::timestamptz,
        %(now)s::timestamptz,
        'completed',
        jsonb_build_object('changes', way.changes)
    from way
    order by way.person_id
    returning id, customer_id, journey_id
),

planned as (
    insert into message (
        workspace_id,
        customer_id,
        enrollment_id,
        journey_id,
        version_id,
        step_number,
        visit,
        template_id,
        channel,
        purpose,
        planned_at,
        expires_at,
        act_at
    )
    select
        %(workspace_id)s,
        way.person_id,
        entered.id,
        way.journey_id,
        way.version_id,
        way.first_step,
        1,
        way.template_id,
        way.channel,
        'informational',
        %(now)s::timestamptz,
        greatest(ready.due_at, %(now)s::timestamptz + interval '3 days'),
        %(now)s::timestamptz
    from entered
    inner join way
        on entered.customer_id = way.person_id and entered.journey_id = way.journey_id
    inner join ready on way.person_id = ready.person_id and way.kind = ready.kind
    order by entered.id
    returning id, customer_id, journey_id
)

update consent_notice
set
    message_id = planned.id,
    ready_at = case when planned.id is null then %(now)s::timestamptz + interval '1 day' end
from waiting
left join way on waiting.person_id = way.person_id and waiting.kind = way.kind
left join planned
    on way.person_id = planned.customer_id and way.journey_id = planned.journey_id
where consent_notice.id = waiting.id
