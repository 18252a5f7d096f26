-- Delete a customer's traits that belong to a purpose, and have their segments judged anew.
-- Reads collection_purpose. Writes customer, segment_touch. Locks the customer.
with kept as (
    select
        customer.id,
        array(
            select named.trait
            from jsonb_object_keys(customer.traits) as named (trait)
            inner join collection_purpose
                on purpose_of_trait(%(workspace_id)s, named.trait) = collection_purpose.id
            where collection_purpose.name = %(purpose_name)s
        ) as gone
    from customer
    where customer.workspace_id = %(workspace_id)s and customer.id = %(customer_id)s
),

touched as (
    insert into segment_touch (workspace_id, customer_id)
    select
        %(workspace_id)s,
        kept.id
    from kept
)

update customer
set traits = customer.traits - kept.gone, traits_at = customer.traits_at - kept.gone
from kept
where customer.id = kept.id and kept.gone <> '{}'
