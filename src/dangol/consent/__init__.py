"""Consent: what customers allow, as a ledger nobody can rewrite and the fold of its last words."""
