"""The map layer of a survey's staged features; asked for by the survey's id, seen by whoever may see the survey."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _

from authority.models import User
from surveys.models import Fault, StagedFeature, Submission
from surveys.policies import submissions_visible_to
from surveys.services.checking import LAYER
from tiles.registry import Attribute, Category, Filters, Geometry, Layer, Pattern, Theme, register

SOUND = "sound"


def staged_rows(user: User, filters: Filters) -> QuerySet[Any]:
    """Return the staged features of one survey with the worst that was found of each."""
    mine = submissions_visible_to(user, Submission.objects.filter(pk=filters["submission"]))
    of_feature = Fault.objects.filter(submission=filters["submission"])
    involved = of_feature.filter(Q(row=OuterRef("row")) | Q(other_row=OuterRef("row")))
    worst = [
        When(Exists(involved.filter(severity=severity)), then=Value(severity))
        for severity in (Fault.Severity.BLOCK, Fault.Severity.WARN)
    ]
    return StagedFeature.objects.filter(submission__in=mine, geom__isnull=False).annotate(
        worst=Case(*worst, default=Value(SOUND), output_field=CharField()),
        number=KT("mapped__parcel_no"),
        place=F("submission__place"),
    )


STAGED = Layer(
    name=LAYER,
    title=_("Survey handed in"),
    geometry=Geometry.POLYGON,
    rows=staged_rows,
    attributes=(
        Attribute("id", _("Identifier"), expression="id"),
        Attribute("row", _("Row"), expression="row", essential=True),
        Attribute("number", _("Parcel number"), expression="number", min_zoom=14),
        Attribute("worst", _("Result of the checks"), expression="worst", essential=True),
    ),
    themes=(
        Theme(
            "worst",
            _("Result of the checks"),
            attribute="worst",
            categories=(
                Category((SOUND,), _("Sound"), "st-free"),
                Category((Fault.Severity.WARN,), _("With warnings"), "st-regular"),
                Category((Fault.Severity.BLOCK,), _("With blocking faults"), "st-encroach", Pattern.HATCH),
            ),
        ),
    ),
    label="number",
    label_zoom=15,
    place_field="submission__place",
    filters={"submission": UUID},
    required_filters=frozenset({"submission"}),
    listed=False,
    order=80,
)


def declare() -> None:
    """Add the layer."""
    register(STAGED)
