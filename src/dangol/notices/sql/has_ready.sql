-- Tell whether anything waits to be told by now.
-- Reads consent_notice.
select exists(
    select
    from consent_notice
    where
        consent_notice.workspace_id = %(workspace_id)s
        and consent_notice.ready_at <= %(now)s::timestamptz
) as is_ready
