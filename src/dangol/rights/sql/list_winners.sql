-- List who is in a segment, with the name and the oldest contacts of each, still sealed.
-- Reads segment, membership, customer, identifier, customer_key.
select
    customer.id,
    customer.traits ->> 'name',
    email.sealed as email_sealed,
    email.wrapped as email_wrapped,
    phone.sealed as phone_sealed,
    phone.wrapped as phone_wrapped
from segment
inner join membership on segment.id = membership.segment_id
inner join customer on membership.customer_id = customer.id
left join
    lateral (
        select
            identifier.sealed,
            customer_key.wrapped
        from identifier
        inner join customer_key on identifier.key_of = customer_key.customer_id
        where identifier.customer_id = customer.id and identifier.kind = 'email'
        order by identifier.first_seen_at, identifier.key
        limit 1
    ) as email
    on true
left join
    lateral (
        select
            identifier.sealed,
            customer_key.wrapped
        from identifier
        inner join customer_key on identifier.key_of = customer_key.customer_id
        where identifier.customer_id = customer.id and identifier.kind = 'phone'
        order by identifier.first_seen_at, identifier.key
        limit 1
    ) as phone
    on true
where segment.workspace_id = %(workspace_id)s and segment.name = %(segment)s
order by customer.id
