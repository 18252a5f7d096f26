-- Take in whom the lake found, as CSV.
-- Writes found_member.
copy found_member (segment_id, customer_id) from stdin (format csv)
