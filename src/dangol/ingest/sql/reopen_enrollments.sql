-- Let those who leave a head go on with the journeys that ended because of it.
-- Reads person_move, customer_merge. Writes enrollment. Locks the enrollments.
update enrollment
set
    state = before.state,
    wake_at = before.wake_at,
    ended_at = null,
    end_reason = null
from person_move
inner join customer_merge
    on person_move.person_id = customer_merge.part_id and customer_merge.undone_at is null
cross join
    lateral jsonb_to_recordset(customer_merge.ended) as before (
        id bigint, state enrollment_state, wake_at timestamptz
    )
where
    person_move.from_id not in (person_move.person_id, person_move.to_id)
    and enrollment.id = before.id
    and enrollment.end_reason = 'merged'
