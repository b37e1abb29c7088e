"""Ways in from the world: one small interface, a table of providers, and one who watches over what was opened."""
