"""Handing in from the command line."""

from __future__ import annotations

import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from surveys.models import Submission
from surveys.packing import packed
from tests.surveys.builders import a_surveyor, survey_zip

pytestmark = pytest.mark.django_db


def unpacked(folder: Path) -> Path:
    """Return a folder with the loose files of a survey, and a file that does not belong to it."""
    (folder / "survey.zip").write_bytes(survey_zip())
    zipfile.ZipFile(folder / "survey.zip").extractall(folder / "field")
    (folder / "field" / "readme.txt").write_text("not part of the survey")
    return folder / "field"


@pytest.mark.parametrize("name", ["field", "field/s.shp"])
def test_a_folder_or_one_shapefile_is_packed_with_its_side_files_only(tmp_path: Path, name: str) -> None:
    unpacked(tmp_path)
    archive, filename = packed(tmp_path / name)
    assert zipfile.ZipFile(archive).namelist() == ["s.cpg", "s.dbf", "s.prj", "s.shp", "s.shx"]
    assert filename.endswith(".zip")


def test_an_archive_is_handed_in_as_it_is(tmp_path: Path) -> None:
    unpacked(tmp_path)
    archive, filename = packed(tmp_path / "survey.zip")
    assert (archive.read(), filename) == ((tmp_path / "survey.zip").read_bytes(), "survey.zip")


def test_the_command_hands_a_survey_in_and_says_where_to_look(tmp_path: Path) -> None:
    surveyor = a_surveyor()
    said = StringIO()
    call_command("import_survey", unpacked(tmp_path), by=surveyor.username, wait=0, site="http://here", stdout=said)
    submission = Submission.objects.get()
    assert submission.submitted_by == surveyor
    assert f"http://here/surveys/{submission.pk}/" in said.getvalue()


def test_a_folder_without_a_shapefile_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nothing_to_import"):
        call_command("import_survey", tmp_path, by=a_surveyor().username)
