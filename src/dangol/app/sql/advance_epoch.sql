-- Note that somebody works here.
-- Writes installation. Locks its row.
update installation
set epoch = epoch + 1
returning epoch
