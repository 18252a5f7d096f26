"""The guard: every planned message is allowed, held until a time, or skipped because."""
