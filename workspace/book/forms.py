"""The forms with which the land book is written by hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from authority.models import Custodian
from documents.models import Document
from parcels.facts import BASIS_LENGTH
from parcels.models import (
    Confidence,
    GoverningArea,
    LandUse,
    LocationClass,
    OwnershipClass,
    Parcel,
    ParcelVersion,
    RegistrationSystem,
)
from ui.forms import DayField, DecimalField, IntegerField
from workspace.book.fields import AreaField, BodyField, PlaceField

Choices = list[tuple[Any, Any]]
Groups = tuple[tuple[Any, tuple[str, ...]], ...]


def optional(choices: Any) -> Choices:
    """Return a list with a line for what is not said."""
    return [("", "—"), *choices]


def custodians() -> Choices:
    """Return the custodians that stand."""
    return [(one.code, str(one)) for one in Custodian.objects.filter(closed_on=None).order_by("code")]


class CustodianField(forms.ChoiceField):
    """A custodian by its code."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=lambda: optional(custodians()), **options)

    def clean(self, value: Any) -> Custodian | None:
        """Return the custodian."""
        code = super().clean(value)
        return Custodian.objects.get(code=code) if code else None


def words(label: Any, length: int, **how: Any) -> forms.CharField:
    """Return a line of text that may stay empty."""
    return forms.CharField(label=label, max_length=length, required=False, **how)


class FactsForm(forms.Form):
    """Every fact of a version; names are those of `parcels.facts.Facts`."""

    ownership_class = forms.ChoiceField(label=_("Class of property"), choices=OwnershipClass.choices)
    land_use = forms.ChoiceField(label=_("Land use"), choices=LandUse.choices)
    location_class = forms.ChoiceField(
        label=_("Location"), choices=lambda: optional(LocationClass.choices), required=False
    )
    deed_area_m2 = AreaField(label=_("Area of the deed"), required=False)
    survey_area_m2 = AreaField(label=_("Area of the survey"), required=False)
    governing_area = forms.ChoiceField(label=_("Governing area"), choices=GoverningArea.choices)
    boundary_n = words(_("Northern boundary"), 200)
    len_n = DecimalField(
        label=_("Length of the northern boundary, m"), required=False, max_digits=12, decimal_places=3, min_value=0
    )
    boundary_s = words(_("Southern boundary"), 200)
    len_s = DecimalField(
        label=_("Length of the southern boundary, m"), required=False, max_digits=12, decimal_places=3, min_value=0
    )
    boundary_e = words(_("Eastern boundary"), 200)
    len_e = DecimalField(
        label=_("Length of the eastern boundary, m"), required=False, max_digits=12, decimal_places=3, min_value=0
    )
    boundary_w = words(_("Western boundary"), 200)
    len_w = DecimalField(
        label=_("Length of the western boundary, m"), required=False, max_digits=12, decimal_places=3, min_value=0
    )
    register_book = words(_("Book"), 24)
    register_page = words(_("Page"), 24)
    register_no = words(_("Entry number"), 24)
    registration_system = forms.ChoiceField(
        label=_("Registration system"), choices=lambda: optional(RegistrationSystem.choices), required=False
    )
    folio = words(_("Folio"), 40)
    sheet_no = words(_("Sheet number"), 40)
    sheet_scale = IntegerField(label=_("Sheet scale, 1:"), required=False, min_value=100, max_value=1_000_000)
    cadastral_edition = words(_("Cadastral edition"), 60)
    file_no = words(_("File number"), 40)
    shelf = words(_("Shelf"), 24)
    hamlet = words(_("Hamlet"), 120)
    street = words(_("Street"), 160)
    building_no = words(_("Building number"), 24)
    confidence = forms.ChoiceField(label=_("Degree of checking"), choices=Confidence.choices)

    GROUPS: Groups = (
        (_("Class and use"), ("ownership_class", "land_use", "location_class", "confidence")),
        (_("Areas"), ("deed_area_m2", "survey_area_m2", "governing_area")),
        (
            _("Boundaries and lengths"),
            ("boundary_n", "len_n", "boundary_s", "len_s", "boundary_e", "len_e", "boundary_w", "len_w"),
        ),
        (
            _("Register of properties"),
            ("register_book", "register_page", "register_no", "registration_system", "folio"),
        ),
        (_("Sheet and shelf"), ("sheet_no", "sheet_scale", "cadastral_edition", "file_no", "shelf")),
        (_("Address"), ("hamlet", "street", "building_no")),
    )

    def groups(self) -> list[tuple[Any, list[Any]]]:
        """Return the fields by what they speak of, for the page."""
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def facts(self) -> dict[str, Any]:
        """Return the facts that were said."""
        names = [name for _title, group in FactsForm.GROUPS for name in group]
        return {name: self.cleaned_data.get(name) for name in names}

    def changed(self, version: Model) -> dict[str, Any]:
        """Return the facts that differ from what the book says."""
        return {name: value for name, value in self.facts().items() if differs(getattr(version, name), value)}


def differs(old: Any, new: Any) -> bool:
    """Say whether a fact is another one; an empty text and nothing are the same."""
    return (old if old not in ("", None) else None) != (new if new not in ("", None) else None)


class RegisterForm(FactsForm):
    """A parcel that enters the book by its words; a survey or a drawing gives it its place."""

    place = PlaceField(label=_("Place"))
    number = forms.CharField(label=_("Parcel number"), max_length=60, help_text=_("As written: 12/3, ضمن 45, 45 مكرر"))
    custodian = CustodianField(label=_("Custodian"))
    custody_decree = words(_("Decree of custody"), 120)
    custody_decree_on = DayField(label=_("Date of the decree of custody"), required=False)
    legal_from = DayField(label=_("True in law from"))
    basis = forms.CharField(label=_("Basis"), max_length=BASIS_LENGTH, help_text=_("The paper it is entered from"))
    unified_property_no = words(_("Unified property number"), 64)

    GROUPS: Groups = (
        (
            _("Identity"),
            (
                "place",
                "number",
                "custodian",
                "custody_decree",
                "custody_decree_on",
                "legal_from",
                "basis",
                "unified_property_no",
            ),
        ),
        *FactsForm.GROUPS,
    )
    field_order = [name for _title, group in GROUPS for name in group]

    def facts(self) -> dict[str, Any]:
        """Return the facts that were said, with the decree of custody."""
        more = ("custody_decree", "custody_decree_on")
        said = super().facts() | {name: self.cleaned_data.get(name) for name in more}
        return {name: value for name, value in said.items() if value not in ("", None)}


class ChangeForm(FactsForm):
    """Something new of a parcel: true from a day on, or what the book should have said all along."""

    kind = forms.ChoiceField(
        label=_("What is recorded"),
        choices=[
            ("law", _("a change: true from the day given")),
            ("correction", _("a correction: the book was wrong")),
        ],
        widget=forms.RadioSelect,
        initial="law",
    )
    on = DayField(label=_("Day of law"), help_text=_("For a correction: a day on which the wrong entry was true"))
    basis = forms.CharField(label=_("Basis"), max_length=BASIS_LENGTH, help_text=_("Decree, judgment or memorandum"))
    number = forms.CharField(label=_("Parcel number"), max_length=60)

    GROUPS: Groups = ((_("What is recorded"), ("kind", "on", "basis", "number")), *FactsForm.GROUPS)
    field_order = [name for _title, group in GROUPS for name in group]


def facts_of(version: ParcelVersion) -> dict[str, Any]:
    """Return what the book says, as the form shows it."""
    found = {name: getattr(version, name) for _title, group in FactsForm.GROUPS for name in group}
    return found | {"number": version.parcel_no_raw}


class CustodyForm(forms.Form):
    """A decree of custody."""

    custodian = CustodianField(label=_("Custodian from then on"))
    on = DayField(label=_("In force from"))
    decree_no = forms.CharField(label=_("Number of the decree"), max_length=120)
    decree_on = DayField(label=_("Date of the decree"))
    reason = words(_("Reason"), 60)


class AllocationForm(forms.Form):
    """A decree of allocation."""

    body = BodyField(label=_("Allocated to"))
    purpose = forms.CharField(label=_("Purpose of the allocation"), max_length=300)
    decree_no = forms.CharField(label=_("Number of the decree"), max_length=60)
    decree_on = DayField(label=_("Date of the decree"))
    starts_on = DayField(label=_("In force from"))
    use_by = DayField(label=_("To be used by"), required=False)


class WithdrawalForm(forms.Form):
    """A decree that withdraws an allocation."""

    last_day = DayField(label=_("Last day of the allocation"))
    decree_no = forms.CharField(label=_("Number of the decree"), max_length=60)
    decree_on = DayField(label=_("Date of the decree"))
    reason = forms.CharField(label=_("Reason"), max_length=300)


class UseForm(forms.Form):
    """The day on which an allocated purpose was taken up."""

    on = DayField(label=_("Used since"))


class RestrictionForm(forms.Form):
    """A restriction from a paper."""

    text = forms.CharField(
        label=_("What is restricted, and by which paper"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class EndForm(forms.Form):
    """The end of a restriction."""

    on = DayField(label=_("Ended on"))
    reason = forms.CharField(label=_("Reason"), max_length=200)


class NumberForm(forms.Form):
    """The number of Law 88/2025."""

    number = forms.CharField(label=_("Unified property number"), max_length=64, widget=forms.TextInput({"dir": "ltr"}))
    reason = words(_("Reason"), 200, help_text=_("Needed to correct a number that was given before"))


class DocumentForm(forms.Form):
    """A paper of the parcel's file."""

    file = forms.FileField(label=_("File"))
    type = forms.ChoiceField(label=_("Type of paper"), choices=Document.Type.choices)
    title = forms.CharField(label=_("What it is"), max_length=200)
    number = words(_("Paper's number"), 60)
    dated_on = DayField(label=_("Dated"), required=False)


class DoubleForm(forms.Form):
    """Another entry of the same land."""

    other = forms.CharField(
        label=_("Internal code of the entry that ends"), max_length=60, widget=forms.TextInput({"dir": "ltr"})
    )
    on = DayField(label=_("Ends on"))
    basis = forms.CharField(label=_("Basis"), max_length=BASIS_LENGTH, help_text=_("Decree, judgment or memorandum"))


class JudgmentForm(forms.Form):
    """A judgment and what it does to the entry."""

    court = forms.CharField(label=_("Court and circuit"), max_length=80)
    number = forms.CharField(label=_("Number of the suit"), max_length=20)
    year = forms.CharField(label=_("Judicial year"), max_length=10)
    dated_on = DayField(label=_("Date of the judgment"))
    effect = forms.ChoiceField(
        label=_("What it does"),
        choices=[("correct", _("corrects what the entry says")), ("strike", _("ends the entry"))],
        widget=forms.RadioSelect,
    )
    on = DayField(label=_("Day of law"), help_text=_("For a correction: a day on which the wrong entry was true"))
    ownership_class = forms.ChoiceField(
        label=_("Class of property"), choices=lambda: optional(OwnershipClass.choices), required=False
    )
    deed_area_m2 = AreaField(label=_("Area of the deed"), required=False)
    file = forms.FileField(label=_("Copy of the judgment"), required=False)

    def basis(self) -> str:
        """Return the judgment in one line, as the book keeps it."""
        said = self.cleaned_data
        words = gettext("Judgment of %(court)s, suit %(number)s of %(year)s, dated %(day)s")
        told = {
            "court": said["court"],
            "number": said["number"],
            "year": said["year"],
            "day": f"{said['dated_on']:%d/%m/%Y}",
        }
        return (words % told)[:BASIS_LENGTH]

    def facts(self) -> dict[str, Any]:
        """Return what is corrected."""
        return {
            name: self.cleaned_data[name] for name in ("ownership_class", "deed_area_m2") if self.cleaned_data[name]
        }


class NothingForm(forms.Form):
    """An act that needs nothing said."""


def standing_of(parcel: Parcel) -> ParcelVersion:
    """Return the version that the pen writes on."""
    return ParcelVersion.objects.filter(parcel=parcel, in_book=True).order_by("-legal_range").select_related("place")[0]
