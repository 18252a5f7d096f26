-- Keep the report of an import whose rows are all written.
-- Writes import_file. Locks its row.
update import_file
set
    state = 'finished',
    rows_done = %(rows_done)s,
    report = %(report)s::jsonb,
    finished_at = %(now)s
where id = %(import_id)s
