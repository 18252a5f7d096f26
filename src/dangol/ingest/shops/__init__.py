"""Webhooks of shop platforms, turned into the same events that the tracking API takes."""
