"""Pages of what can be let and is not the land: buildings with their units, shops, kiosks, beaches, billboards."""
