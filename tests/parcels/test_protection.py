"""Screening by the rule of law: the Nile's four cases, the corniche, and layers that cover one governorate only."""

from __future__ import annotations

import datetime as dt

import pytest
import shapely

from authority import clock
from authority.models import Role, User
from authority.refusal import Invalid, NotAllowed
from parcels import protection_rules, services
from parcels.models import ProtectionLayer, Restriction
from parcels.screening import Finding, State, findings
from parcels.services import Zone
from tests.authority.builders import make_user
from tests.parcels import builders

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 1)


def line(x: float, *, feature: str = "TRAINING_LINE", low: float = -3000, high: float = 3000) -> Zone:
    """A line from south to north, x metres east of the farm's origin."""
    east, north = builders.ORIGIN
    ends = [(east + x, north + low), (east + x, north + high)]
    return Zone(bytes(shapely.to_wkb(shapely.LineString(ends))), "خط", feature)


def loaded(*zones: Zone, code: str = "nile", by: User | None = None) -> ProtectionLayer:
    place = builders.a_governorate()
    return services.load_layer(
        by=by or builders.a_keeper(), at=clock.now(), code=code, name_ar="حرم النيل", source="وزارة الري",
        dated_on=DAY, zones=zones, crs=builders.RED_BELT, covers=place,
    )  # fmt: skip


def found(code: str = "nile") -> Finding:
    parcel = builders.a_parcel(boundary=builders.a_boundary(0, 0, 100, 50))
    rows = services.screen(by=builders.a_keeper(), at=clock.now(), parcel=parcel)
    return next(row for row in rows if row.code == code)


@pytest.mark.parametrize(
    ("gap", "state", "verdict"),
    [
        (29.9, State.HIT, "PROHIBITED"),
        (30.1, State.HIT, "RESTRICTED"),
        (79.9, State.HIT, "RESTRICTED"),
        (80.1, State.CLEAR, ""),
    ],
)
def test_the_nile_strip_has_four_cases(gap: float, state: State, verdict: str) -> None:
    """T-30, Law 147/2021 Art. 1."""
    loaded(line(100 + gap))
    finding = found()
    assert (finding.state, finding.verdict) == (state, verdict)
    if state is State.HIT:
        assert finding.distance_m == pytest.approx(gap, abs=0.011)


@pytest.mark.parametrize("gap", [10.0, 50.0])
def test_land_behind_the_corniche_is_clear(gap: float) -> None:
    loaded(line(100 + gap), line(100 + gap / 2, feature="CORNICHE"))
    assert found().state is State.CLEAR


def test_land_before_the_corniche_is_judged_by_the_training_line() -> None:
    loaded(line(140), line(160, feature="CORNICHE"))
    assert found().verdict == "RESTRICTED"


def test_land_beside_the_end_of_a_corniche_is_judged_by_the_training_line() -> None:
    loaded(line(110), line(105, feature="CORNICHE", low=2000))
    assert found().verdict == "PROHIBITED"


@pytest.mark.parametrize(
    ("feature", "gap", "verdict"),
    [
        ("BARRAGE", 99, "PROHIBITED"),
        ("BARRAGE", 149, "RESTRICTED"),
        ("BARRAGE", 151, ""),
        ("ISLAND", 79, "RESTRICTED"),
        ("NASSER", 1999, "PROHIBITED"),
        ("NASSER", 2990, "RESTRICTED"),
        ("NASSER", 3010, ""),
        ("TOSHKA", 199, "RESTRICTED"),
    ],
)
def test_barrages_islands_and_lakes_have_their_own_distances(feature: str, gap: float, verdict: str) -> None:
    loaded(line(100 + gap, feature=feature))
    assert found().verdict == verdict


def test_a_paper_of_the_file_says_the_verdict_and_the_law() -> None:
    loaded(line(120))
    found()
    row = Restriction.objects.get(ended_on=None, layer__code="nile")
    assert row.verdict == "PROHIBITED"
    assert "١٤٧" in row.basis
    assert row.is_hit


def test_before_the_law_was_in_force_distance_alone_is_told() -> None:
    loaded(line(150))
    parcel = builders.a_parcel(boundary=builders.a_boundary(0, 0, 100, 50))
    early = next(row for row in findings(parcel, dt.date(2019, 1, 1)) if row.code == "nile")
    assert early.verdict == "NEAR"


def test_a_layer_of_one_governorate_leaves_the_others_unchecked() -> None:
    loaded(line(120))
    elsewhere = builders.a_hod(builders.a_governorate("18"))
    parcel = builders.a_parcel(
        place=elsewhere, boundary=builders.a_boundary(0, 0, 100, 50), by=builders.a_keeper(elsewhere)
    )
    (row,) = (row for row in findings(parcel) if row.code == "nile")
    assert row.state is State.NOT_CHECKED


def test_only_who_has_the_whole_country_loads_for_the_whole_country() -> None:
    with pytest.raises(NotAllowed):
        services.load_layer(
            by=builders.a_keeper(), at=clock.now(), code="nile", name_ar="x", source="x", dated_on=DAY,
            zones=[line(0)], crs=builders.RED_BELT,
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        loaded(line(0), by=make_user(Role.GIS_OFFICER, place=builders.a_governorate("18")))


def test_a_layer_of_points_is_refused_with_its_rows() -> None:
    point = Zone(bytes(shapely.to_wkb(shapely.Point(*builders.ORIGIN))))
    with pytest.raises(Invalid) as refused:
        loaded(line(0), point)
    assert refused.value.code == "geometry_not_line_or_area"
    assert "2" in str(refused.value.params["rows"])


def test_the_rule_is_said_in_words() -> None:
    rule = {"bands": {"BARRAGE": [[100, "PROHIBITED"], [150, "RESTRICTED"]]}, "beyond": "CORNICHE"}
    assert len(protection_rules.explain(rule)) == 3
