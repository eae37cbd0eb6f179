"""A boundary drawn on the map or typed corner by corner: handed in as a survey of one feature, accepted by another."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import shapefile
import shapely
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pyproj import CRS

from authority.models import Custodian
from cases.forms import GeoJSONField
from importers.crs import BELTS
from parcels.models import Parcel, SurveyMethod
from parcels.selectors import standing_version
from surveys.models import Submission
from surveys.services import receive
from ui.digits import to_latin
from ui.forms import DayField, DecimalField

SYSTEMS = [(f"EPSG:{code}", f"EPSG:{code}") for code in (*BELTS, 32635, 32636)]
NUMBER = re.compile(r"-?\d{1,8}(?:\.\d{1,6})?")
MOST_CORNERS = 2_000


class LocateForm(forms.Form):
    """A boundary: drawn, or its corners typed in a belt."""

    geometry = GeoJSONField(kinds=("Polygon",), label=gettext_lazy("Drawn on the map"), required=False)
    corners = forms.CharField(
        label=gettext_lazy("or its corners, E and N, one a line"), required=False, max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "ltr"}),
        help_text=gettext_lazy("736000.00 876050.00 — in order around the parcel; the first need not be repeated"),
    )  # fmt: skip
    crs = forms.ChoiceField(
        label=gettext_lazy("Coordinate system of the corners"), choices=SYSTEMS, initial="EPSG:22992"
    )
    survey_method = forms.ChoiceField(
        label=gettext_lazy("Survey method"), choices=SurveyMethod.choices, initial=SurveyMethod.IMAGERY
    )
    survey_accuracy_m = DecimalField(
        label=gettext_lazy("Accuracy, m"), max_digits=7, decimal_places=3, min_value=0, required=False
    )
    surveyed_on = DayField(label=gettext_lazy("Surveyed on"), required=False)

    def clean_corners(self) -> list[tuple[float, float]]:
        """Read the corners; a line that is no pair of figures is named."""
        found = []
        for row, line in enumerate(self.cleaned_data["corners"].splitlines(), 1):
            pair = NUMBER.findall(to_latin(line).replace("٫", "."))
            if not line.strip():
                continue
            if len(pair) != 2 or row > MOST_CORNERS:
                raise forms.ValidationError(_("Line %(row)s: write E and N.") % {"row": row}, code="corner_unreadable")
            found.append((float(pair[0]), float(pair[1])))
        return found

    def clean(self) -> dict[str, Any]:
        """One of the two is needed, and it has to be a sound boundary."""
        known = super().clean() or {}
        drawn, corners = known.get("geometry"), known.get("corners") or []
        if bool(drawn) == bool(corners) and not self.errors:
            raise forms.ValidationError(
                _("Draw the boundary, or type its corners: one of the two."), code="boundary_missing"
            )
        if corners:
            shape = shapely.Polygon(corners) if len(corners) > 2 else None
            if shape is None or not shape.is_valid or shape.area <= 0:
                self.add_error("corners", _("These corners make no sound boundary: check their order."))
        return known

    def boundary(self) -> tuple[Any, str]:
        """Return the outline and its system."""
        known = self.cleaned_data
        if known["corners"]:
            return shapely.Polygon(known["corners"]), known["crs"]
        return shapely.from_wkb(bytes(known["geometry"].wkb)), "EPSG:4326"


def packed(outline: Any, crs: str, parcel: Parcel, number: str) -> bytes:
    """Return the outline as a zipped shapefile of one row that names the parcel by its internal code."""
    shp, shx, dbf, out = io.BytesIO(), io.BytesIO(), io.BytesIO(), io.BytesIO()
    with shapefile.Writer(shp=shp, shx=shx, dbf=dbf, shapeType=shapefile.POLYGON, encoding="utf-8") as writer:
        writer.field("parcel_cod", "C", 40)
        writer.field("parcel_no", "C", 120)
        clockwise = shapely.geometry.polygon.orient(outline, -1.0)
        writer.poly([[list(point) for point in ring.coords] for ring in (clockwise.exterior, *clockwise.interiors)])
        writer.record(parcel.parcel_code, number)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for ending, part in (("shp", shp), ("shx", shx), ("dbf", dbf)):
            made.writestr(f"parcel.{ending}", part.getvalue())
        made.writestr("parcel.prj", CRS.from_user_input(crs).to_wkt("WKT1_ESRI"))
        made.writestr("parcel.cpg", "UTF-8")
    return out.getvalue()


def hand_in(ask: Any) -> Submission:
    """Hand the boundary in as a survey; raises what the surveys refuse."""
    known = ask.form.cleaned_data
    outline, crs = ask.form.boundary()
    number = standing_version(ask.parcel).parcel_no_raw
    accuracy = known["survey_accuracy_m"]
    return receive(
        by=ask.user, at=ask.at, file=io.BytesIO(packed(outline, crs, ask.parcel, number)),
        filename=f"{ask.parcel.parcel_code}.zip", place=ask.parcel.place,
        custodian=Custodian.objects.get(pk=ask.parcel.custodian_id), crs=crs, encoding="utf-8",
        mapping={"parcel_cod": "parcel_code", "parcel_no": "parcel_no"}, survey_method=known["survey_method"],
        survey_accuracy_m=float(accuracy) if accuracy is not None else None, surveyed_on=known["surveyed_on"],
    )  # fmt: skip


def follow(request: HttpRequest, made: Any) -> HttpResponse:
    """Lead to the survey, which another officer accepts."""
    messages.success(
        request, _("Handed in as survey %(number)s; another officer accepts it.") % {"number": made.number}
    )
    return redirect("surveys:submission", made.pk)
