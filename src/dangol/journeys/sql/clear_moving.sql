-- Forget the enrollments moved earlier in this transaction.
-- Reads nothing. Writes moving. Locks nothing.
delete from moving
