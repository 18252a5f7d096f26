-- Find the people whose head, or the moment since when they have it, is another now.
-- Reads placed, identifier, customer. Writes person_move.
insert into person_move (person_id, from_id, to_id, joined_at, kind, source)
select distinct on (person.id)
    person.id,
    coalesce(person.head_id, person.id),
    placed.head_id,
    placed.joined_at,
    placed.kind,
    placed.source
from placed
inner join identifier
    on
        identifier.workspace_id = %(workspace_id)s
        and placed.kind = identifier.kind
        and placed.key = identifier.key
inner join customer as part on identifier.part_id = part.id
inner join customer as person on coalesce(part.keeps_id, part.id) = person.id
where
    identifier.acts
    and (coalesce(person.head_id, person.id), person.joined_at)
    is distinct from (placed.head_id, placed.joined_at)
order by person.id, placed.kind
