"""Trials: stories and backtests, which run the real stages where nothing live can be touched."""
