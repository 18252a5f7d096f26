-- List which addresses nobody might write to any more, and since when.
-- Reads suppression. Writes nothing. Locks nothing.
select
    suppression.since as at,
    %(trial)s::integer as workspace_id,
    suppression.channel::text as channel,
    suppression.address_key,
    suppression.reason::text as reason,
    suppression.since
from suppression
where
    suppression.workspace_id = %(workspace_id)s and suppression.since <= %(until)s::timestamptz
order by suppression.since, suppression.address_key
