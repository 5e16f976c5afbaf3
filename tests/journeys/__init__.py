"""The product as people live it: a real browser, a real site, their words."""
