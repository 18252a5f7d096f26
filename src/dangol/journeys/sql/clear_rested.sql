-- Forget where the enrollments moved earlier in this transaction came to rest.
-- Reads nothing. Writes rested. Locks nothing.
delete from rested
