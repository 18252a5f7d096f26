-- Note what is asked for which place of which version.
-- Reads nothing. Writes question.
insert into question (question, version_id, number, position, fault)
select
    asked.question,
    asked.version_id,
    asked.number,
    asked.position,
    asked.fault
from unnest(
    %(questions)s::integer[],
    %(versions)s::integer[],
    %(numbers)s::integer[],
    %(positions)s::integer[],
    %(faults)s::text[]
) as asked (question, version_id, number, position, fault)
