-- Note the identifiers that only ever came beside a stronger one; return how many are new.
-- Reads evidence, identifier. Writes identifier.
-- The common case ends here: new, seen with one other only, it leads where that one leads.
insert into identifier (workspace_id, kind, key, sealed, customer_id, first_seen_at, acts)
select
    %(workspace_id)s,
    evidence.from_kind,
    evidence.from_key,
    -- Contact data is sealed once its part has a key.
    case when evidence.from_kind in ('email', 'phone') then ''::bytea end,
    case when count(*) = 1 then min(target.customer_id) end,
    min(evidence.occurred_at),
    false
from evidence
inner join identifier as target
    on
        target.workspace_id = %(workspace_id)s
        and evidence.to_kind = target.kind
        and evidence.to_key = target.key
group by evidence.from_kind, evidence.from_key
on conflict (workspace_id, kind, key) do nothing
