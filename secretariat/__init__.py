"""Secrétariat: open-source software that runs a medical secretariat."""

__version__ = "0.1.0"
