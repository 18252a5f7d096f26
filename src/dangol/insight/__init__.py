"""Questions about everything that happened, one a file."""
