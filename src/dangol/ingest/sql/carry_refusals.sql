-- Let the topics that those who became parts have switched off be switched off for their head.
-- Reads person_move. Writes topic_refusal.
-- They stay theirs as well, for when they are told apart again.
insert into topic_refusal (workspace_id, customer_id, topic_id, since)
select
    %(workspace_id)s,
    person_move.to_id,
    topic_refusal.topic_id,
    min(topic_refusal.since)
from person_move
inner join topic_refusal on person_move.person_id = topic_refusal.customer_id
where person_move.to_id <> person_move.person_id
group by person_move.to_id, topic_refusal.topic_id
on conflict (customer_id, topic_id) do nothing
