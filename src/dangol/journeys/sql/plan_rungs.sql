-- Plan the next rung for messages that did not reach somebody, and close the ladder of the others.
-- Reads decision, journey_rung, template. Writes message. Locks the messages that fall.
-- Who could not be reached or may not be written to on a channel may be on another. Who wants
-- quiet, has had enough or no longer needs it is left in peace: for those reasons nothing follows.
-- A call of which nobody knows the end is neither skipped nor failed, and so never falls.
with fallen as materialized (
    select
        message.id,
        message.workspace_id,
        message.customer_id,
        message.enrollment_id,
        message.journey_id,
        message.version_id,
        message.step_number,
        message.visit,
        message.rung,
        message.rungs_left,
        message.state,
        message.expires_at
    from message
    where
        message.workspace_id = %(workspace_id)s
        and message.rungs_left > 0
        and message.state in ('skipped', 'failed')
    order by message.id
    limit %(batch)s
    for no key update skip locked
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
        rung,
        rungs_left,
        template_id,
        channel,
        purpose,
        planned_at,
        expires_at,
        act_at
    )
    select
        fallen.workspace_id,
        fallen.customer_id,
        fallen.enrollment_id,
        fallen.journey_id,
        fallen.version_id,
        fallen.step_number,
        fallen.visit,
        fallen.rung + 1,
        fallen.rungs_left - 1,
        template.id,
        template.channel,
        template.purpose,
        %(now)s::timestamptz,
        fallen.expires_at,
        %(now)s::timestamptz
    from fallen
    inner join journey_rung
        on
            fallen.version_id = journey_rung.version_id
            and fallen.step_number = journey_rung.step_number
            and fallen.rung + 1 = journey_rung.rung
    inner join template on journey_rung.template_id = template.id
    where
        fallen.expires_at > %(now)s::timestamptz
        and (
            fallen.state = 'failed'
            or (
                select decision.reason = any(%(reasons)s::decision_reason[])
                from decision
                where decision.message_id = fallen.id
                order by decision.evaluation desc
                limit 1
            )
        )
    order by fallen.id
    returning message.id
),

closed as (
    update message
    set rungs_left = 0
    from fallen
    where message.id = fallen.id
)

select
    (select count(*) from fallen) as fallen,
    (select count(*) from planned) as planned
