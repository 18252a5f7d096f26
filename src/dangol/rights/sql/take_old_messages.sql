-- Take the next messages that are too old, those of whole journeys that are over. Returns each
-- that is to go, and the last number that was looked at in any case.
-- Reads message, enrollment, conversion, template, silence. Locks the messages it takes.
-- A last chance that somebody who is silent has had stays as long as the silence: it is what keeps
-- them from having another.
with looked_at as (
    select
        message.id,
        message.enrollment_id
    from message
    where
        message.workspace_id = %(workspace_id)s
        and message.id > %(after)s
        and message.id < %(first_kept)s
    order by message.id
    limit %(batch)s
),

over as (
    select enrollment.id
    from enrollment
    where
        enrollment.id in (select looked_at.enrollment_id from looked_at)
        and enrollment.state = 'ended'
        and not exists (
            select
            from conversion
            where conversion.enrollment_id = enrollment.id and not conversion.attributed
        )
        and not exists (
            select
            from message
            inner join template on message.template_id = template.id
            where
                message.enrollment_id = enrollment.id
                and (
                    message.planned_at >= %(before)s::timestamptz
                    or message.state not in ('skipped', 'failed', 'handed')
                    or message.rungs_left > 0
                    or (
                        template.last_chance
                        and exists (
                            select
                            from silence
                            where
                                silence.customer_id = message.customer_id
                                and silence.channel = message.channel
                        )
                    )
                    or exists (
                        select
                        from delivery
                        where
                            delivery.message_id = message.id
                            and delivery.state in ('claimed', 'calling')
                    )
                )
        )
),

taken as (
    select message.id
    from over
    inner join message on over.id = message.enrollment_id
    order by message.id
    for update of message skip locked
)

select
    (select max(looked_at.id) from looked_at) as last_id,
    coalesce((select array_agg(taken.id) from taken), '{}') as ids
