"""One act on many parcels: chosen on the list, looked through, carried out by a second officer."""
