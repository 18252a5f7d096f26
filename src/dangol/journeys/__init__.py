"""Journeys: who is where in them, and which messages that asks for."""
