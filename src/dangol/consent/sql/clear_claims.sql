-- Forget the claims of an earlier fold in this transaction.
-- Reads nothing. Writes consent_claim. Locks nothing.
delete from consent_claim
