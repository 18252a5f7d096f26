-- Forget whoever does not fit the condition of the journey they might have entered.
-- Reads journey_version, question, answer. Writes entrant.
delete from entrant
using journey_version, question
where
    entrant.version_id = journey_version.id
    and journey_version.entry_condition is not null
    and question.version_id = journey_version.id
    and question.number = 0
    and question.fault is null
    and not exists (
        select
        from answer
        where
            answer.question = question.question
            and answer.customer_id = entrant.customer_id
    )
