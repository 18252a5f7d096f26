"""What happened, and to whom: the tracking API and imports fill the inbox, the tick empties it."""
