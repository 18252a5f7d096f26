"""Where everything is kept: PostgreSQL for the truth, Delta tables for history."""
