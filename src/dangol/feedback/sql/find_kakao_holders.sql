-- Find whoever Kakao Login knows by these ids, where the shop has told them as kakao_user_id.
-- Reads customer.
select distinct coalesce(customer.head_id, customer.id) as customer_id
from customer
where
    customer.workspace_id = %(workspace_id)s
    and customer.traits ? 'kakao_user_id'
    and customer.traits ->> 'kakao_user_id' = any(%(user_ids)s::text[])
    and customer.state <> 'erased'
order by customer_id
