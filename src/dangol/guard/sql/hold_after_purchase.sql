-- Hold advertising for a while after a purchase, as long as its journey says.
-- Reads journey_version, activity. Writes candidate. Locks nothing.
update candidate
set
    verdict = coalesce(candidate.verdict, 'hold'),
    reasons = array_append(candidate.reasons, 'just_bought'),
    hold_until = coalesce(
        candidate.hold_until,
        least(activity.last_at + journey_version.quiet_after_purchase, candidate.expires_at)
    )
from journey_version, activity
where
    candidate.purpose = 'marketing'
    and candidate.version_id = journey_version.id
    and candidate.customer_id = activity.customer_id
    and activity.event_name = 'Order Completed'
    and activity.last_at + journey_version.quiet_after_purchase > %(now)s::timestamptz
