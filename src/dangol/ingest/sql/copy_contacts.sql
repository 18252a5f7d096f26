-- Hand the tick its new contacts, sealed under their customers' keys.
-- Writes tick_contact.
copy tick_contact (customer_id, kind, key, sealed) from stdin
