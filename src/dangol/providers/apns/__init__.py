"""Apple Push Notification service, over HTTP/2 with a signing key."""
