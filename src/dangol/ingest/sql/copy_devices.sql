-- Hand the tick its new devices, their tokens sealed under their customers' keys.
-- Writes tick_device.
copy tick_device (customer_id, key, platform, token_key, sealed, registered_at) from stdin
