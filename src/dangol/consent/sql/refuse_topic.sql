-- Switch a topic off for a customer; off already, it stays off since then.
-- Reads topic. Writes topic_refusal.
insert into topic_refusal (workspace_id, customer_id, topic_id, since)
select
    topic.workspace_id,
    %(customer_id)s::bigint,
    topic.id,
    %(now)s::timestamptz
from topic
where topic.workspace_id = %(workspace_id)s and topic.id = %(topic_id)s
on conflict (customer_id, topic_id) do nothing
