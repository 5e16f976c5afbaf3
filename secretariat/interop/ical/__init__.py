"""Calendars that other programs export: read into plain occurrences, never trusted."""
