-- Skip advertising for what the customer has done since they entered the journey.
-- Reads journey_version, enrollment, activity. Writes candidate. Locks nothing.
update candidate
set verdict = 'skip', reason = 'already_converted'
from journey_version, enrollment, activity
where
    candidate.verdict is null
    and candidate.purpose = 'marketing'
    and candidate.version_id = journey_version.id
    and candidate.enrollment_id = enrollment.id
    and candidate.customer_id = activity.customer_id
    and journey_version.goal_event = activity.event_name
    and activity.last_at > enrollment.entered_at
