-- Take in who changes, as CSV.
-- Writes member_change.
copy member_change (segment_id, customer_id, enters) from stdin (format csv)
