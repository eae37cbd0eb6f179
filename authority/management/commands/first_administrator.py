"""`manage.py first_administrator`: open the account that opens all others."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.urls import reverse

from authority import clock
from authority.commands import RefusingCommand
from authority.entry import recovery
from authority.selectors import place_by_code


class Command(RefusingCommand):
    """Refuses where there is an administrator, with --second where there are two.

    No password is typed here, so none is left in the shell's history.
    """

    help = "Open the first administrator's account and print the address, good once, on which the password is set."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the names."""
        parser.add_argument("username")
        parser.add_argument("--name-ar", default="")
        parser.add_argument("--name-en", default="")
        parser.add_argument("--governorate", default="", help="two digits; the administrator's role is held there")
        parser.add_argument("--second", action="store_true", help="beside one administrator, who alone can name nobody")

    def handle(self, *args: Any, **options: Any) -> None:
        """Open the account and print the address."""
        place = place_by_code(options["governorate"]) if options["governorate"] else None
        user, code = recovery.name_first_administrator(
            username=options["username"],
            at=clock.now(),
            name_ar=options["name_ar"],
            name_en=options["name_en"],
            place=place,
            second=options["second"],
        )
        address = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('authority:recover', args=[code])}"
        self.stdout.write(f"{user.username}: set the password within {settings.RECOVERY_MINUTES} minutes at\n{address}")
