"""The verbs of the imports: what is brought, prepared, tried, taken in and settled."""
