"""What the folders of HTTP vendors share: one call, codes as tables, numbers, and a fake server."""
