"""Tables that other programs export: read, understood column by column, never trusted."""
