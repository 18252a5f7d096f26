-- Count why people stopped, by reason, since a moment.
-- Reads exit_answer.
select
    exit_answer.reason,
    count(*) as answers
from exit_answer
where
    exit_answer.workspace_id = %(workspace_id)s
    and exit_answer.said_at > %(since)s::timestamptz
group by exit_answer.reason
order by answers desc, exit_answer.reason
