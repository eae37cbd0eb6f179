"""`/api/v1/parcels/` and `/api/v1/assets/`: GeoJSON out, services in."""
