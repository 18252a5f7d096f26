-- What these customers are recognised by: the shop's own id, and the e-mail, sealed.
-- Reads customer, identifier, address, customer_key.
select
    customer.id,
    reached.sealed as email_sealed,
    reached_key.wrapped as email_wrapped,
    (
        select min(identifier.key)
        from identifier
        where identifier.customer_id = customer.id and identifier.kind = 'external'
    ) as external_id
from customer
left join address as reached
    on customer.id = reached.customer_id and reached.channel = 'email'
left join customer_key as reached_key on reached.key_of = reached_key.customer_id
where
    customer.workspace_id = %(workspace_id)s
    and customer.id = any(%(customer_ids)s::bigint[])
