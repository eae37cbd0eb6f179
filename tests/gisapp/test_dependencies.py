"""pyproject.toml, environment.yml and the locks name the same packages."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What conda needs beside the packages of pyproject.toml.
CONDA_ONLY = {"python", "pip", "postgresql", "postgis"}
NAMED = {"django", "psycopg2-binary", "djangorestframework-gis", "shapely", "geopandas", "rasterio", "pyproj", "folium"}


def split(requirement: str) -> tuple[str, frozenset[str]]:
    """Return (name without extras, set of bounds)."""
    name, _extras, bounds = re.fullmatch(r"([A-Za-z0-9_.-]+)(\[[^\]]*\])?(.*)", requirement.replace(" ", "")).groups()  # type: ignore[union-attr]
    return name.lower(), frozenset(part for part in bounds.split(",") if part)


def of_pyproject(extra: str | None = None) -> dict[str, frozenset[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return dict(split(line) for line in (project["optional-dependencies"][extra] if extra else project["dependencies"]))


def of_environment() -> dict[str, frozenset[str]]:
    lines = re.findall(r"^ +- ([a-z0-9][^:\n]*)$", (ROOT / "environment.yml").read_text(), re.M)
    return {name: bounds for name, bounds in map(split, lines) if name not in CONDA_ONLY | {"conda-forge"}}


def of_lock(name: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9_.-]+)(?:\[[^\]]*\])?==", (ROOT / name).read_text(), re.M))


def test_the_conda_environment_names_the_same_packages_and_ranges() -> None:
    assert of_environment() == of_pyproject()


def test_the_packages_the_product_is_named_for_are_required() -> None:
    assert set(of_pyproject()) >= NAMED


def test_every_required_package_is_locked() -> None:
    assert of_lock("requirements.lock") >= set(of_pyproject())


def test_every_package_of_the_checks_is_locked() -> None:
    assert of_lock("requirements-test.lock") >= set(of_pyproject("test")) | set(of_pyproject())


def test_the_lock_pins_django_at_or_above_the_security_floor() -> None:
    version = re.search(r"^django==([0-9.]+)", (ROOT / "requirements.lock").read_text(), re.M)
    assert version
    assert tuple(map(int, version[1].split("."))) >= (5, 2, 19)


def test_psycopg_3_is_not_locked() -> None:
    assert "psycopg" not in of_lock("requirements-test.lock")
