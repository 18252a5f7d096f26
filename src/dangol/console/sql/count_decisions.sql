-- Every message under the last word the guard said about it; null while it has not looked.
-- Reads message, decision.
select
    last_word.verdict,
    last_word.reason,
    count(*) as count
from message
left join lateral (
    select
        decision.verdict,
        decision.reason
    from decision
    where decision.message_id = message.id
    order by decision.evaluation desc
    limit 1
) as last_word on true
where message.workspace_id = %(workspace_id)s
group by last_word.verdict, last_word.reason
order by last_word.verdict, count desc
