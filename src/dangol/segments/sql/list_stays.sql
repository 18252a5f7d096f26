-- List who was in a segment at a moment, a page of them by their ids, and how many they were; who
-- is a part of somebody now counts for them.
-- Reads membership, membership_span, customer.
with stay as (
    select
        membership.customer_id,
        membership.entered_at
    from membership
    where
        membership.workspace_id = %(workspace_id)s
        and membership.segment_id = %(segment_id)s
        and membership.entered_at <= %(at)s
    union all
    select
        membership_span.customer_id,
        membership_span.entered_at
    from membership_span
    where
        membership_span.workspace_id = %(workspace_id)s
        and membership_span.segment_id = %(segment_id)s
        and membership_span.entered_at <= %(at)s
        and membership_span.left_at > %(at)s
),

was as (
    select
        coalesce(customer.head_id, customer.id) as customer_id,
        min(stay.entered_at) as entered_at
    from stay
    inner join customer on stay.customer_id = customer.id
    group by coalesce(customer.head_id, customer.id)
),

total as (
    select count(*) as customers
    from was
)

select
    was.customer_id,
    was.entered_at,
    total.customers
from was
cross join total
where was.customer_id > %(after)s
order by was.customer_id
limit %(batch)s
