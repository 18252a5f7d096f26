-- Collect who has a date in a trait whose day of the year is one of these, each like "03-02".
-- Reads customer.
select
    %(workspace_id)s::integer as workspace_id,
    string_agg(int8send(customer.id), '') as customer_ids
from customer
where
    customer.workspace_id = %(workspace_id)s
    and customer.state = 'active'
    and exists (
        select
        from unnest(%(traits)s::text[], %(days)s::text[]) as birthday (trait, day)
        where
            substr(customer.traits #>> string_to_array(birthday.trait, '.'), 6, 5) = birthday.day
    )
