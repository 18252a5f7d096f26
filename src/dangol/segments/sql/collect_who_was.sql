-- Collect who was in a segment at a moment; who is a part of somebody now counts for them.
-- Reads membership, membership_span, customer.
with stay as (
    select membership.customer_id
    from membership
    where
        membership.workspace_id = %(workspace_id)s
        and membership.segment_id = %(segment_id)s
        and membership.entered_at <= %(at)s
    union all
    select membership_span.customer_id
    from membership_span
    where
        membership_span.workspace_id = %(workspace_id)s
        and membership_span.segment_id = %(segment_id)s
        and membership_span.entered_at <= %(at)s
        and membership_span.left_at > %(at)s
)

select
    %(segment_id)s::integer as segment_id,
    string_agg(int8send(was.customer_id), '') as customer_ids
from (
    select distinct coalesce(customer.head_id, customer.id) as customer_id
    from stay
    inner join customer on stay.customer_id = customer.id
) as was
