-- Count the rows of the chunk that this transaction writes, unless another process counted first.
-- Writes import_file. Locks its row.
update import_file
set rows_done = rows_done + %(rows)s
where id = %(import_id)s and rows_done = %(before)s and state = 'running'
