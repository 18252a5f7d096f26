-- List who came into a segment and who left one: whoever was in at the beginning came before.
-- Reads membership, membership_span, customer. Writes nothing. Locks nothing.
with stay as (
    select
        membership.segment_id,
        coalesce(customer.head_id, customer.id) as customer_id,
        membership.entered_at,
        'infinity'::timestamptz as left_at
    from membership
    inner join customer on membership.customer_id = customer.id
    where membership.workspace_id = %(workspace_id)s and customer.state <> 'erased'
    union all
    select
        membership_span.segment_id,
        coalesce(customer.head_id, customer.id),
        membership_span.entered_at,
        membership_span.left_at
    from membership_span
    inner join customer on membership_span.customer_id = customer.id
    where membership_span.workspace_id = %(workspace_id)s and customer.state <> 'erased'
)

select
    stay.entered_at as at,
    true as enters,
    stay.segment_id,
    stay.customer_id
from stay
where stay.entered_at <= %(until)s::timestamptz and stay.left_at > %(since)s::timestamptz
union all
select
    stay.left_at,
    false,
    stay.segment_id,
    stay.customer_id
from stay
where stay.left_at > %(since)s::timestamptz and stay.left_at <= %(until)s::timestamptz
order by 1, 2, 3, 4
