"""The one way out to an address that somebody else has named."""
