"""E-mail by any service that takes it as JSON over HTTP, described by a file."""
