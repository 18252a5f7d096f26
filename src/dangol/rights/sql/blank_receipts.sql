-- Forget what reports about the customer's messages said in words.
-- Writes receipt. Locks the receipts it changes.
update receipt
set detail = ''
where
    receipt.workspace_id = %(workspace_id)s
    and receipt.customer_id = %(customer_id)s
    and receipt.detail <> ''
