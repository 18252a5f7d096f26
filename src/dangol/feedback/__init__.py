"""What became of a message -> receipt, suppression: bounces, openings, clicks, refusals."""
