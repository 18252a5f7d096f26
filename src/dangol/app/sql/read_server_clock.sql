-- The server's own clock, to compare the machine's with.
-- Reads no table.
select clock_timestamp()
