"""Keeping the book sound: the worklist and the yearly inventory."""
