-- Put everybody who moves, and the parts that keep what they did, under their head of now.
-- Reads person_move. Writes customer. Locks the customers, which were taken before.
with placed_row as (
    select
        person_move.person_id as customer_id,
        person_move.to_id,
        person_move.joined_at
    from person_move
    union all
    select
        kept.id,
        person_move.to_id,
        person_move.joined_at
    from person_move
    inner join customer as kept on person_move.person_id = kept.keeps_id
)

update customer
set
    state = case placed_row.to_id
        when customer.id then 'active'::customer_state
        else 'merged'::customer_state
    end,
    head_id = nullif(placed_row.to_id, customer.id),
    joined_at = placed_row.joined_at
from placed_row
where customer.id = placed_row.customer_id and customer.state <> 'erased'
