-- Blank the properties of old events that let somebody into a journey.
-- Reads journey_version. Writes enrollment. Locks the enrollments it changes.
update enrollment
set entry_properties = null
from journey_version
where
    enrollment.workspace_id = %(workspace_id)s
    and enrollment.entered_at < %(before)s::timestamptz
    and enrollment.entry_properties is not null
    and enrollment.version_id = journey_version.id
    and journey_version.entry_event = any(%(event_names)s::text[])
