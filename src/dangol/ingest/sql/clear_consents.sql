-- Forget what the ledger said of those who move and their heads: it is folded anew.
-- Reads person_move. Writes consent. Locks the consents it removes.
delete from consent
where
    consent.customer_id in (
        select person_move.person_id from person_move
        union all
        select person_move.from_id from person_move
        union all
        select person_move.to_id from person_move
    )
