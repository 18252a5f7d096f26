-- Hold advertising for a while after a purchase, as long as its journey says.
-- Reads candidate, journey_version, activity. Writes objection. Locks nothing.
insert into objection (rule, message_id, verdict, reason, hold_until)
select
    %(rule)s::integer,
    candidate.message_id,
    'hold',
    'just_bought',
    least(activity.last_at + journey_version.quiet_after_purchase, candidate.expires_at)
from candidate
inner join journey_version on candidate.version_id = journey_version.id
inner join activity on candidate.customer_id = activity.customer_id
where
    candidate.purpose = 'marketing'
    and activity.event_name = 'Order Completed'
    and activity.last_at + journey_version.quiet_after_purchase > %(now)s::timestamptz
    -- Follows from the line before; few have bought so lately, and the others need no joining.
    and activity.last_at > %(now)s::timestamptz - (
        select max(version.quiet_after_purchase)
        from journey_version as version
        where version.workspace_id = %(workspace_id)s
    )
