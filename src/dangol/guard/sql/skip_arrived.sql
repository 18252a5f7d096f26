-- Skip a rung of a ladder where one above it has arrived after all, whatever was reported before.
-- Reads candidate, message, receipt. Writes objection. Locks nothing.
insert into objection (rule, message_id, verdict, reason)
select
    %(rule)s::integer,
    candidate.message_id,
    'skip',
    'already_arrived'
from candidate
inner join message on candidate.message_id = message.id
where
    candidate.rung > 0
    and exists (
        select
        from message as above
        inner join receipt on above.id = receipt.message_id
        where
            above.enrollment_id = message.enrollment_id
            and above.step_number = message.step_number
            and above.visit = message.visit
            and above.rung < message.rung
            and receipt.kind in ('delivered', 'opened', 'clicked', 'replied')
    )
