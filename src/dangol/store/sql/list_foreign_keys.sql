-- List the foreign keys of the tables of the current schema, each after its table.
-- Reads nothing but the catalogue. Writes nothing. Locks nothing.
select
    pg_class.relname as relation,
    pg_constraint.conname as foreign_key
from pg_constraint
inner join pg_class on pg_constraint.conrelid = pg_class.oid
where
    pg_constraint.contype = 'f'
    and pg_constraint.connamespace = current_schema()::regnamespace
