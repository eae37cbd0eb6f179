#!/usr/bin/env python3
"""Run a management command of Amlak."""

import os
import sys

# Commands that change tables run as the role that owns them; everything else runs as the application's role.
OWNER_COMMANDS = {"migrate", "sqlmigrate", "showmigrations", "createcachetable", "grant_app_role"}


def main() -> None:
    """Choose the database role from the command's name, then hand over to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gisapp.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ["AMLAK_DB_ROLE"] = "owner"
    from django.core.management import execute_from_command_line

    from gisapp.environment import SettingError

    try:
        execute_from_command_line(sys.argv)
    except SettingError as error:
        sys.exit(f"amlak: {error}")


if __name__ == "__main__":
    main()
