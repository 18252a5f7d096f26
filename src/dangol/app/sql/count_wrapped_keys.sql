-- Count customers' keys by the master key they are wrapped under.
-- Reads customer_key.
select
    customer_key.master_version,
    count(*) as customers
from customer_key
group by customer_key.master_version
order by customer_key.master_version
