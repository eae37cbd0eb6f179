"""Backup, restore and the drill that proves them (docs/howto/backup.md, docs/decisions/0012)."""
