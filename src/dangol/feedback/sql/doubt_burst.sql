-- Doubt the clicks on a message where many of its links were followed at once.
-- Reads receipt. Writes receipt. Locks the receipts it doubts.
update receipt
set human_confidence = least(%(hardly)s::real, human_confidence)
where
    message_id = %(message_id)s
    and workspace_id = %(workspace_id)s
    and kind = 'clicked'
    and occurred_at > %(now)s::timestamptz - %(span)s::interval
    and (
        select count(distinct burst.link_id)
        from receipt as burst
        where
            burst.message_id = %(message_id)s
            and burst.kind = 'clicked'
            and burst.occurred_at > %(now)s::timestamptz - %(span)s::interval
    ) >= %(links)s
