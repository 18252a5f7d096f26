-- Note which events pass a question's filters.
-- Reads nothing. Writes event_answer.
insert into event_answer (question, event_id)
select
    %(question)s,
    given.event_id
from unnest(%(ids)s::bigint[]) as given (event_id)
