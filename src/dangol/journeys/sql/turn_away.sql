-- Forget whoever does not fit the condition of the journey they might have entered.
-- Reads question, answer. Writes entrant.
delete from entrant
using question
where
    entrant.version_id = question.version_id
    and question.number = 0
    and question.fault is null
    and (question.question, entrant.customer_id) not in (
        select
            answer.question,
            answer.customer_id
        from answer
    )
