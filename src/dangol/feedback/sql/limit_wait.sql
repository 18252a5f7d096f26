-- Let this transaction wait for locks no longer than so many milliseconds.
-- Reads nothing.
select set_config('lock_timeout', %(milliseconds)s::text, true)
