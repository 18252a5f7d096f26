-- Forget the stays that ended before a moment.
-- Writes membership_span. Locks the rows it deletes.
delete from membership_span
where membership_span.left_at < %(before)s
