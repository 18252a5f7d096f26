-- Keep the evidence, of each the first time; what is new or older than thought touches both ends.
-- Reads evidence, identifier. Writes identity_link, touched. Locks the links it makes older.
-- The first link of what has no event of its own needs no second look: it has been answered.
with added as (
    insert into identity_link (
        workspace_id, from_kind, from_key, to_kind, to_key, source, occurred_at
    )
    select
        %(workspace_id)s,
        evidence.from_kind,
        evidence.from_key,
        evidence.to_kind,
        evidence.to_key,
        evidence.source,
        evidence.occurred_at
    from evidence
    on conflict (workspace_id, from_kind, from_key, to_kind, to_key, source) do update
        set occurred_at = excluded.occurred_at
        where excluded.occurred_at < identity_link.occurred_at
    returning from_kind, from_key, to_kind, to_key, source
),

open_question as (
    select
        added.from_kind,
        added.from_key,
        added.to_kind,
        added.to_key
    from added
    inner join identifier
        on
            identifier.workspace_id = %(workspace_id)s
            and added.from_kind = identifier.kind
            and added.from_key = identifier.key
    where
        added.source = 'alias'
        or identifier.acts
        or identifier.customer_id is null
        or exists (
            select 1
            from identity_link as earlier
            where
                earlier.workspace_id = %(workspace_id)s
                and earlier.from_kind = added.from_kind
                and earlier.from_key = added.from_key
        )
)

insert into touched (kind, key)
select
    open_question.from_kind,
    open_question.from_key
from open_question
union
select
    open_question.to_kind,
    open_question.to_key
from open_question
on conflict (kind, key) do nothing
