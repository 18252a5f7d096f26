-- Keep the keys of customers who have none yet.
-- Writes customer_key.
copy customer_key (customer_id, workspace_id, wrapped, master_version) from stdin
