"""Guards of the house: what keeps the code as `docs/adr/` says it is."""
