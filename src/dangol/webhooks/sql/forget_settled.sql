-- Delete calls that have been over for long.
-- Writes webhook_call. Locks the calls it deletes.
delete from webhook_call
where webhook_call.settled_at < %(before)s::timestamptz
