"""`manage.py add_orthophoto FILE --name wadi-2025 --by admin`: offer a small orthophoto as a background."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from authority import clock
from authority.models import User
from authority.refusal import Refusal
from tiles.services import add_orthophoto


class Command(BaseCommand):
    """Register a GeoTIFF that an operator trusts."""

    help = "Register a small GeoTIFF as a background of the map."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and what it is called."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--name", required=True, help="a–z, 0–9 and -: part of the address")
        parser.add_argument("--title", default="", help="Arabic title; the name when left out")
        parser.add_argument("--by", required=True, help="username of the operator")

    def handle(self, *args: Any, file: Path, name: str, title: str, by: str, **options: Any) -> None:
        """Register the file, or say in one line why not."""
        user = User.objects.filter(username=by, is_active=True).first()
        if user is None or not file.is_file():
            raise CommandError(f"no such user: {by}" if user is None else f"no such file: {file}")
        try:
            image = add_orthophoto(path=file, name=name, title_ar=title or name, by=user, at=clock.now())
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(f"{image.name}: {image.crs}, {image.pixel_m:g} m, {image.footprint.extent}")
