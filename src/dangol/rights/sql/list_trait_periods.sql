-- List the traits that somebody has and whose purpose keeps them for a period.
-- Reads customer, collection_purpose.
with named as (
    select distinct trait.name
    from customer
    cross join lateral jsonb_object_keys(customer.traits) as trait (name)
    where customer.workspace_id = %(workspace_id)s
)

select
    named.name,
    purpose.name as purpose_name,
    purpose.keep_traits_days
from named
inner join collection_purpose as purpose
    on purpose_of_trait(%(workspace_id)s, named.name) = purpose.id
where purpose.keep_traits_days is not null
order by named.name
