-- Forget what the ledger said of those who move and their heads: it is folded anew.
-- Reads person_move. Writes consent, collection_consent. Locks the consents it removes.
with mover as (
    select person_move.person_id as id from person_move
    union all
    select person_move.from_id from person_move
    union all
    select person_move.to_id from person_move
),

cleared as (
    delete from collection_consent
    where collection_consent.customer_id in (select mover.id from mover)
)

delete from consent
where consent.customer_id in (select mover.id from mover)
