-- Read what a customer chose to hear about and how often, under their own name or a part's.
-- Reads topic_refusal, topic, preference, exit_answer, message.
select
    'topic_off' as choice,
    topic.name as value,
    topic_refusal.since as changed_at
from topic_refusal
inner join topic on topic_refusal.topic_id = topic.id
where
    topic_refusal.workspace_id = %(workspace_id)s
    and topic_refusal.customer_id = any(%(customer_ids)s::bigint[])
union
select
    'rest_until',
    to_char(
        preference.snoozed_until at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'
    ),
    preference.changed_at
from preference
where
    preference.workspace_id = %(workspace_id)s
    and preference.customer_id = any(%(customer_ids)s::bigint[])
    and preference.snoozed_until is not null
union
select
    'weekly_messages',
    preference.weekly_messages::text,
    preference.changed_at
from preference
where
    preference.workspace_id = %(workspace_id)s
    and preference.customer_id = any(%(customer_ids)s::bigint[])
    and preference.weekly_messages is not null
union
select
    'reason_for_leaving',
    exit_answer.reason::text,
    exit_answer.said_at
from exit_answer
inner join message on exit_answer.message_id = message.id
where
    message.workspace_id = %(workspace_id)s
    and message.customer_id = any(%(customer_ids)s::bigint[])
order by changed_at, choice, value
