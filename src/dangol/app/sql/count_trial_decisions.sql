-- Count the holds and skips of a version's messages, by reason.
-- Reads decision, message. Writes nothing. Locks nothing.
select
    decision.verdict,
    decision.reason,
    count(*) as decisions
from decision
inner join message on decision.message_id = message.id
where message.version_id = %(version_id)s and decision.verdict <> 'allow'
group by decision.verdict, decision.reason
order by decision.verdict, count(*) desc, decision.reason
