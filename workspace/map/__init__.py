"""The map page: the whole register as land, its list beside it, the card of what is picked."""
