-- Note that what was collected of a customer for a purpose is to be deleted; twice is once.
-- Reads customer. Writes collection_erasure.
insert into collection_erasure (workspace_id, customer_id, purpose_name, asked_at)
select
    %(workspace_id)s,
    person.id,
    %(collection)s,
    %(now)s::timestamptz
from customer as asked
inner join customer as person
    on
        coalesce(asked.head_id, asked.id) = person.id
        or coalesce(asked.head_id, asked.id) = person.head_id
where
    asked.workspace_id = %(workspace_id)s
    and asked.id = %(customer_id)s
    and not exists (
        select
        from collection_erasure
        where
            collection_erasure.customer_id = person.id
            and collection_erasure.purpose_name = %(collection)s
            and collection_erasure.done_at is null
    )
