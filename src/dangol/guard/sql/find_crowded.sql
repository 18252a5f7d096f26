-- Name the customers for whom advertising may have to compete.
-- Reads candidate, workspace, message_cap, message, preference, silence. Writes crowded.
-- Locks nothing.
-- They have or may get more than the lowest limit lets them, want but so much, or are to be chased
-- less. Everybody else is spared the counting. Whom other rules stop counts here, too: rather too
-- many are named than one too few.
with bound as (
    select
        least(
            workspace.cap_messages, workspace.daily_messages, min(message_cap.messages)
        ) as messages,
        greatest(workspace.cap_days, max(message_cap.days), 2) as days
    from workspace
    left join message_cap on workspace.id = message_cap.workspace_id
    where workspace.id = %(workspace_id)s
    group by workspace.id
),

load as (
    select candidate.customer_id
    from candidate
    where candidate.purpose = 'marketing'
    union all
    select message.customer_id
    from message
    cross join bound
    where
        message.customer_id in (select candidate.customer_id from candidate)
        and message.purpose = 'marketing'
        and message.state in ('allowed', 'handed')
        and message.allowed_at > %(now)s::timestamptz - make_interval(days => bound.days)
),

loaded as (
    select load.customer_id
    from load
    group by load.customer_id
    having count(*) > (select bound.messages from bound)
)

insert into crowded (customer_id)
select loaded.customer_id
from loaded
union
select preference.customer_id
from preference
inner join candidate on preference.customer_id = candidate.customer_id
where preference.weekly_messages is not null
union
select silence.customer_id
from silence
inner join candidate on silence.customer_id = candidate.customer_id
where silence.visits
