"""Reads of the agenda, one module a screen."""
