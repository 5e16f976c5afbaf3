"""New times for all the visits of a day that cannot stand: the best way there is. Pure."""
