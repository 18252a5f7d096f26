-- Let a new version go on where the one before was, if it begins at the same moments.
-- Reads journey_version. Writes journey_schedule.
update journey_schedule
set version_id = newer.id
from journey_version as newer, journey_version as older
where
    journey_schedule.journey_id = %(journey_id)s
    and journey_schedule.version_id = older.id
    and newer.id = %(version_id)s
    and newer.entry_kind = older.entry_kind
    and newer.schedule is not distinct from older.schedule
    and newer.entry_trait is not distinct from older.entry_trait
    and newer.entry_yearly = older.entry_yearly
    and newer.entry_offset is not distinct from older.entry_offset
    and newer.entry_at is not distinct from older.entry_at
    and (newer.entry_kind = 'schedule' or newer.zone_rule = older.zone_rule)
