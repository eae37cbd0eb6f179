"""What a report and the acts on an encroachment take."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import GeoJSONField
from encroachments.models import Encroachment, LegalBasis, Method
from ui.forms import DayField, DecimalField, IntegerField

AREAS = ("Polygon", "MultiPolygon")
MEASURED = "encroachments:measured"  # the page that says what a drawn shape takes of the land


class ReportForm(forms.Form):
    """A report: where, what, how it became known."""

    geometry = GeoJSONField(label=_("Place on the map"), kinds=("Point", *AREAS), required=False, measured_at=MEASURED)
    source = forms.ChoiceField(
        label=_("Source"), choices=Encroachment.Source.choices, initial=Encroachment.Source.PATROL, required=False
    )
    works = forms.ChoiceField(
        label=_("Kind of encroachment"),
        choices=Encroachment.Works.choices,
        initial=Encroachment.Works.OTHER,
        required=False,
    )
    caught_in_progress = forms.BooleanField(label=_("Works in progress"), required=False)
    occupant_name = forms.CharField(label=_("Occupant, if known"), max_length=200, required=False)
    seen_on = DayField(label=_("Seen on"), required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class MeasurementForm(forms.Form):
    """A measurement: the boundary, the method and the error of its corners."""

    geometry = GeoJSONField(label=_("Measured boundary"), kinds=AREAS, measured_at=MEASURED)
    method = forms.ChoiceField(label=_("Method"), choices=Method.choices)
    point_sigma_m = DecimalField(
        label=_("Error of a corner (1σ), metres"),
        min_value=Decimal("0.001"),
        max_value=100,
        max_digits=7,
        decimal_places=4,
        required=False,
        help_text=_("Left empty: the usual error of the method."),
    )
    works = forms.ChoiceField(
        label=_("Kind of encroachment"), choices=[("", "—"), *Encroachment.Works.choices], required=False
    )
    caught_in_progress = forms.BooleanField(label=_("Works in progress"), required=False)
    occupant_name = forms.CharField(label=_("Occupant, if known"), max_length=200, required=False)


class DraftForm(forms.Form):
    """The draft of an order: its one legal basis and the period it gives."""

    legal_basis = forms.ChoiceField(label=_("Legal basis"), choices=LegalBasis.choices)
    period_days = IntegerField(
        label=_("Days given to the occupant"), min_value=0, max_value=365, initial=15, required=False
    )


class SigningForm(DraftForm):
    """The signature may still change what the draft proposes."""

    legal_basis = forms.ChoiceField(
        label=_("Legal basis"), choices=[("", _("as drafted")), *LegalBasis.choices], required=False
    )
    period_days = IntegerField(label=_("Days given to the occupant"), min_value=0, max_value=365, required=False)


FORMS: dict[str, type[forms.Form]] = {
    "inspect": MeasurementForm,
    "measure_again": MeasurementForm,
    "draft_order": DraftForm,
    "issue_order": SigningForm,
}
