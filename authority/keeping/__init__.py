"""Keeping accounts: changes with their effect and a second person, leavers who hand over."""
