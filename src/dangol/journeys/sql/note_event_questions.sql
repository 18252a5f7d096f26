-- Note which filters are asked for which place of which version.
-- Reads nothing. Writes event_question.
insert into event_question (question, version_id, number, fault)
select
    asked.question,
    asked.version_id,
    asked.number,
    asked.fault
from unnest(
    %(questions)s::integer[],
    %(versions)s::integer[],
    %(numbers)s::integer[],
    %(faults)s::text[]
) as asked (question, version_id, number, fault)
