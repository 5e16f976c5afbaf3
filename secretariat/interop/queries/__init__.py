"""Reads of the imports, one module a screen or a question."""
