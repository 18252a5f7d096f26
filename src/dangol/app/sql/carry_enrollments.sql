-- The enrollments that past messages belong to, and those of the journey itself before: all over.
-- Reads enrollment, journey, customer, message. Writes nothing. Locks nothing.
select
    enrollment.id,
    %(trial)s::integer as workspace_id,
    enrollment.journey_id,
    enrollment.version_id,
    enrollment.customer_id,
    enrollment.entry_key,
    'ended'::enrollment_state as state,
    enrollment.step_number,
    enrollment.planned,
    enrollment.entered_at,
    coalesce(enrollment.ended_at, %(since)s::timestamptz) as ended_at,
    coalesce(enrollment.end_reason, 'stopped'::end_reason) as end_reason
from enrollment
inner join journey on enrollment.journey_id = journey.id
inner join customer on enrollment.customer_id = customer.id
where
    enrollment.workspace_id = %(workspace_id)s
    and customer.state <> 'erased'
    and case
        when journey.name = %(journey)s then enrollment.entered_at <= %(since)s::timestamptz
        else
            exists (
                select
                from message
                where
                    message.enrollment_id = enrollment.id
                    and message.allowed_at > %(capped_since)s::timestamptz
                    and message.allowed_at <= %(until)s::timestamptz
            )
    end
