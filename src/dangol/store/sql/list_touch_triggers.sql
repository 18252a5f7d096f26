-- List the triggers by which segments hear who changed, in the current schema, with their tables.
-- Reads nothing but the catalogue. Writes nothing. Locks nothing.
select
    pg_trigger.tgname as touching,
    pg_class.relname as relation
from pg_trigger
inner join pg_class on pg_trigger.tgrelid = pg_class.oid
where
    not pg_trigger.tgisinternal
    and strpos(pg_trigger.tgname, '_touches_') > 0
    and pg_class.relnamespace = current_schema()::regnamespace
