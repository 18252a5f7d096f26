-- Take the messages that are at the door, to judge them once more, with what the rules ask.
-- Reads message, decision, customer, workspace, consent, template, journey. Writes candidate.
-- Locks the messages it takes.
-- A lock that lets foreign keys pass: a receipt may be written while we look.
-- A customer lives under the law of their country, or of the shop's where that is none we know.
with taken as materialized (
    select
        message.id,
        message.enrollment_id,
        message.journey_id,
        message.version_id,
        message.customer_id,
        message.template_id,
        message.channel,
        message.purpose,
        message.planned_at,
        message.expires_at,
        message.rung,
        message.allowed_at
    from message
    where
        message.workspace_id = %(workspace_id)s
        and message.id = any(%(message_ids)s::bigint[])
        and message.state in ('allowed', 'handed')
    order by message.id
    for no key update
),

place as (
    select
        known.country,
        known.law
    from unnest(%(countries)s::text[], %(laws)s::text[]) as known (country, law)
),

shop as (
    select
        workspace.time_zone,
        coalesce(place.law, %(other_law)s::text) as law
    from workspace
    left join place on workspace.country = place.country
    where workspace.id = %(workspace_id)s
)

insert into candidate (
    message_id,
    enrollment_id,
    journey_id,
    version_id,
    customer_id,
    template_id,
    channel,
    purpose,
    planned_at,
    expires_at,
    rung,
    allowed_at,
    evaluation,
    erased,
    law,
    zone,
    consent_state,
    night,
    confirmed_at,
    topic_id,
    similar_goods,
    last_chance,
    priority,
    expected_value
)
select
    taken.id,
    taken.enrollment_id,
    taken.journey_id,
    taken.version_id,
    taken.customer_id,
    taken.template_id,
    taken.channel,
    taken.purpose,
    taken.planned_at,
    taken.expires_at,
    taken.rung,
    taken.allowed_at,
    1 + coalesce(
        (
            select max(decision.evaluation)
            from decision
            where decision.message_id = taken.id
        ),
        0
    ),
    customer.state = 'erased',
    coalesce(place.law, shop.law),
    coalesce(customer.time_zone, shop.time_zone),
    consent.state,
    coalesce(consent.night, false),
    coalesce(consent.confirmed_at, consent.since),
    template.topic_id,
    template.similar_goods,
    template.last_chance,
    journey.priority,
    template.expected_value
from taken
cross join shop
inner join customer on taken.customer_id = customer.id
left join place on upper(customer.country) = place.country
left join consent
    on
        taken.customer_id = consent.customer_id
        and taken.channel = consent.channel
        and taken.purpose = consent.purpose
inner join template on taken.template_id = template.id
inner join journey on taken.journey_id = journey.id
