-- Doubt the clicks on a message where many of its links were followed at once from one place.
-- Reads receipt. Writes receipt. Locks the receipts it doubts.
update receipt
set
    human_confidence = least(%(hardly)s::real, receipt.human_confidence),
    detail = regexp_replace(receipt.detail, '^why=person ', 'why=burst ')
where
    receipt.message_id = %(message_id)s
    and receipt.workspace_id = %(workspace_id)s
    and receipt.kind = 'clicked'
    and receipt.occurred_at > %(now)s::timestamptz - %(span)s::interval
    and receipt.human_confidence > %(hardly)s::real
    and (
        select count(distinct burst.link_id)
        from receipt as burst
        where
            burst.message_id = %(message_id)s
            and burst.kind = 'clicked'
            and burst.occurred_at > %(now)s::timestamptz - %(span)s::interval
            and burst.detail like '%% ip=' || %(ip)s::text || ' %%'
    ) >= %(links)s
