"""How fast the product is on the standard load, beside two floors of the same machine."""
