-- List who is known at Kakao Login and allows Brand Messages, since when; of a part of everybody.
-- Reads consent, customer.
select
    customer.traits ->> 'kakao_user_id' as user_id,
    max(consent.since) as since
from consent
inner join customer
    on coalesce(customer.head_id, customer.id) = consent.customer_id
where
    consent.channel = 'kakao_brand'
    and consent.purpose = 'marketing'
    and consent.state = 'granted'
    and customer.traits ? 'kakao_user_id'
    and customer.state <> 'erased'
    and mod(consent.customer_id, %(parts)s::bigint) = any(%(numbers)s::bigint[])
group by user_id
order by user_id
