-- Keep that these were told.
-- Writes consent_notice. Locks the notices.
update consent_notice
set told_at = %(now)s
where consent_notice.id = any(%(notice_ids)s::bigint[])
