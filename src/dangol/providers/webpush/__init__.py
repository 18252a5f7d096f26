"""Web Push (RFC 8030) with VAPID (RFC 8292) and sealed messages (RFC 8291)."""
