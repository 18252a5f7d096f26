-- Name the customers who have or may get more advertising than the lowest limit lets them.
-- Reads candidate, workspace, message_cap, message. Writes crowded. Locks nothing.
-- Everybody else is spared the counting. Whom other rules stop counts here, too: rather too many
-- are named than one too few.
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

competing as (
    select
        candidate.customer_id,
        count(*) as messages
    from candidate
    where candidate.purpose = 'marketing'
    group by candidate.customer_id
)

insert into crowded (customer_id)
select competing.customer_id
from competing
cross join bound
left join message
    on
        competing.customer_id = message.customer_id
        and message.purpose = 'marketing'
        and message.state in ('allowed', 'handed')
        and message.allowed_at > %(now)s::timestamptz - make_interval(days => bound.days)
group by competing.customer_id, competing.messages, bound.messages
having competing.messages + count(message.id) > bound.messages
