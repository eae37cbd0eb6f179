"""Reference data every installation needs: the governorates with codes, names, outlines and working systems."""
