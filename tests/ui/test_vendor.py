"""What is vendored is what the manifest says, with its licence beside it."""

from __future__ import annotations

import pytest

from ui import vendoring

PACKAGES = list(vendoring.packages())


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_vendored_files_are_the_ones_of_the_manifest(package: vendoring.Package) -> None:
    assert vendoring.found_files(package.folder) == package.files


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_a_licence_stands_beside_each_vendored_package(package: vendoring.Package) -> None:
    assert package.licence
    assert (package.folder / package.licence_file).stat().st_size > 200


def test_nothing_is_vendored_outside_the_manifest() -> None:
    assert {path.name for path in vendoring.FOLDER.iterdir()} == {package.folder.name for package in PACKAGES}
