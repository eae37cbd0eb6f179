"""Signed products of the register: list of corner coordinates, sketch to scale, official extract; PDF and DXF."""
