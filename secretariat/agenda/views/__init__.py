"""Screens of the agenda, one module a screen."""
