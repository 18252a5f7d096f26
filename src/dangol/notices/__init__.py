"""Notices: what the law wants people told about their consents, told without being asked."""
