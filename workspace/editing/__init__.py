"""Edits of boundaries: the list, and the page on which a second officer looks one through."""
