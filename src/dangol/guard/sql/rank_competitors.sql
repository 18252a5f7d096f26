-- Put the advertising to each crowded customer in the order in which it gets what there is.
-- Reads candidate, crowded. Writes competitor. Locks nothing.
-- The better comes first: the higher priority, then the higher expected value, then the older plan.
insert into competitor (message_id, place)
select
    candidate.message_id,
    row_number() over (
        partition by candidate.customer_id
        order by
            candidate.priority desc,
            candidate.expected_value desc,
            candidate.planned_at,
            candidate.message_id
    )
from candidate
inner join crowded on candidate.customer_id = crowded.customer_id
where candidate.purpose = 'marketing'
