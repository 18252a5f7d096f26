-- Read the segments a customer is in, and those they or a part of theirs was in.
-- Reads membership, membership_span, segment, customer.
with stay as (
    select
        membership.segment_id,
        membership.entered_at,
        null::timestamptz as left_at
    from membership
    where
        membership.workspace_id = %(workspace_id)s
        and membership.customer_id = %(customer_id)s
    union all
    select
        membership_span.segment_id,
        membership_span.entered_at,
        membership_span.left_at
    from membership_span
    inner join customer on membership_span.customer_id = customer.id
    where
        membership_span.workspace_id = %(workspace_id)s
        and (customer.id = %(customer_id)s or customer.head_id = %(customer_id)s)
)

select
    segment.name as segment,
    segment.title_ko,
    segment.title_en,
    stay.entered_at,
    stay.left_at
from stay
inner join segment on stay.segment_id = segment.id
order by stay.entered_at, stay.left_at, segment.name
