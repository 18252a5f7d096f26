-- Forget the messages of an earlier look in this transaction.
-- Reads nothing. Writes candidate. Locks nothing.
delete from candidate
