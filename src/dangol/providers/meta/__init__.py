"""Meta custom audiences."""
