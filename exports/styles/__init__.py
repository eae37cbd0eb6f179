"""Looks of layers for QGIS: symbols, categories, labels, forms, and the project that opens them."""
