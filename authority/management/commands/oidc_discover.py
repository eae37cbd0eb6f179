"""`manage.py oidc_discover ISSUER`: ask a provider once what its addresses are, and print them as settings."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from authority.commands import RefusingCommand
from authority.entry.oidc import discover


class Command(RefusingCommand):
    """The site itself never asks at its start: what the operator has seen and written down is what holds."""

    help = "Print the settings for single sign-on with a provider of OpenID Connect."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the issuer."""
        parser.add_argument("issuer", help="for example https://idp.example.gov.eg/realms/staff")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask and print."""
        for name, value in discover(options["issuer"]).items():
            self.stdout.write(f"{name}={value}")
        self.stdout.write("AMLAK_OIDC_CLIENT_ID=\nAMLAK_OIDC_CLIENT_SECRET=")
