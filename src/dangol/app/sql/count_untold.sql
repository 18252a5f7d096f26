-- Count what the law wants customers told about their consents, and what of it is late.
-- Reads consent_notice. Writes nothing. Locks nothing.
-- Unreachable is what has been looked at and put off for a day.
select
    count(*) as open,
    count(*) filter (where consent_notice.due_at <= %(now)s::timestamptz) as overdue,
    count(*) filter (
        where
        consent_notice.message_id is null
        and consent_notice.ready_at > %(now)s::timestamptz + interval '1 hour'
    ) as unreachable
from consent_notice
where consent_notice.told_at is null and consent_notice.dropped_at is null
