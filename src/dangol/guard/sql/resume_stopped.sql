-- Let a stopped message go on.
-- Reads journey, template. Writes journey_stop. Locks the rows it changes.
update journey_stop
set resumed_at = %(now)s, resumed_by = %(by)s
from journey, template
where
    journey_stop.workspace_id = %(workspace_id)s
    and journey_stop.resumed_at is null
    and journey_stop.journey_id = journey.id
    and journey.name = %(journey)s
    and journey_stop.template_id = template.id
    and template.name = %(template)s
