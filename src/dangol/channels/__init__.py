"""Message -> delivery: claimed, written, and handed to a vendor at most once."""
