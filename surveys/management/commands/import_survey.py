"""Hand in a survey from the command line and wait until it has been read."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from authority import clock
from authority.commands import RefusingCommand
from authority.models import Place, User
from surveys.models import Submission
from surveys.packing import packed
from surveys.services import receive

BUSY = frozenset({Submission.State.RECEIVED, Submission.State.READING, Submission.State.CHECKING})


class Command(RefusingCommand):
    """The same service as the page and the API."""

    help = "Hand in a zipped shapefile, a folder of shapefiles or one .shp, and print where its report is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and who hands it in."""
        parser.add_argument("path", type=Path)
        parser.add_argument("--by", default="surveyor", help="account that hands it in")
        parser.add_argument("--place", help="code of the place it lies in")
        parser.add_argument("--site", default="", help="address of the site, for the link that is printed")
        parser.add_argument("--wait", type=float, default=120, help="seconds to wait for the report")

    def handle(self, *args: Any, **options: Any) -> None:
        """Hand in, wait, say where to look."""
        archive, name = packed(options["path"])
        submission = receive(
            by=User.objects.get(username=options["by"]),
            at=clock.now(),
            file=archive,
            filename=name,
            place=Place.objects.get(code=options["place"]) if options["place"] else None,
        )
        self.stdout.write(self.told(waited(submission, options["wait"]), options["site"]))

    def told(self, submission: Submission, site: str) -> str:
        """Return one line on how it went."""
        place = f"{site}/surveys/{submission.pk}/"
        if submission.state == Submission.State.REFUSED:
            return f"Your file was refused ({submission.refusal_code}): {submission.refusal_detail}"
        if submission.state == Submission.State.ASKING:
            return f"Your survey asks a question (sign in as {submission.submitted_by.username}): {place}"
        count = submission.feature_count or 0
        return f"Your survey, {count} features, is on the map (sign in as {submission.submitted_by.username}): {place}"


def waited(submission: Submission, seconds: float) -> Submission:
    """Return the submission once nothing runs on it any more, or after so many seconds."""
    end = time.monotonic() + seconds
    while submission.state in BUSY and time.monotonic() < end:
        time.sleep(0.5)
        submission.refresh_from_db()
    return submission
