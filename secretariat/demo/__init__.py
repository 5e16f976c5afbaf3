"""Two invented practices to try the product on. Everything is written through actions."""
