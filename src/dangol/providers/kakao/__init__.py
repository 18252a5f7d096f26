"""Kakao itself: who added or blocked a channel. Messages go through a vendor."""
