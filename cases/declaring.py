"""The page of conflicts of interest: an officer declares, an auditor records and ends."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from authority import clock
from authority.models import User
from authority.policies import STAFF, require, scope_of
from authority.refusal import Invalid, NotFound, Refusal
from cases import doors, interests
from cases.models import Case, Interest
from cases.selectors import case_by_id
from cases.views import who
from parties.selectors import party_by_id

MOST = 500


class InterestForm(forms.Form):
    """In what, in which relation, and whose."""

    thing = forms.ChoiceField(label=gettext_lazy("In what"), widget=forms.RadioSelect)
    relation = forms.CharField(
        label=gettext_lazy("Relation, in words"),
        max_length=interests.WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    person = forms.CharField(
        label=gettext_lazy("Officer (user name); empty for yourself"), max_length=64, required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, choices: list[tuple[str, str]], records: bool, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["thing"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices
        if not records:
            del self.fields["person"]

    def clean_person(self) -> User | None:
        """Return the officer who is named."""
        name = self.cleaned_data["person"]
        found = User.objects.filter(username=name, is_active=True).first() if name else None
        if name and found is None:
            raise forms.ValidationError(_("There is no such officer."))
        return found


def things_of(request: HttpRequest, user: User) -> dict[str, interests.Thing]:
    """What the address names, within the person's sight: a file with its land and party, a parcel, a party."""
    found: dict[str, interests.Thing] = {}
    if given := request.GET.get("case"):
        case = case_by_id(doors.as_uuid(given, "case"), user)
        found[f"case:{case.pk}"] = case
        found |= {f"parcel:{case.parcel.pk}": case.parcel} if case.parcel else {}
        found |= {f"party:{case.party.pk}": case.party} if case.party else {}
    if given := request.GET.get("parcel"):
        parcel = doors.parcel_of(user, given)
        found |= {f"parcel:{parcel.pk}": parcel} if parcel else {}
    if given := request.GET.get("party"):
        party = party_by_id(given[:64], user=user)
        found[f"party:{party.pk}"] = party
    return found


def named(thing: interests.Thing) -> str:
    """A thing in words."""
    if isinstance(thing, Case):
        return _("the file %(number)s") % {"number": thing.number}
    kind = thing._meta.model_name
    told = {"name": str(thing)}
    return _("the parcel %(name)s") % told if kind == "parcel" else _("the party %(name)s") % told


def row_of(held: Interest, user: User) -> dict[str, Any]:
    """A declaration as a row."""
    thing = interests.thing_of(held)
    may_end = held.ended_at is None and held.person_id != user.pk and interests.may_record(user, thing)
    return {"held": held, "thing": named(thing), "may_end": may_end}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def declarations(request: HttpRequest) -> HttpResponse:
    """Show the declarations within sight; the form declares an interest in what the address names."""
    user = who(request)
    require(user, STAFF)
    things = things_of(request, user)
    choices = [(key, named(thing)) for key, thing in things.items()]
    records = scope_of(user).holds(interests.RECORDERS)
    form = InterestForm(choices, records, request.POST if request.method == "POST" else None)
    refusal = _declared(form, things, user) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        messages.success(request, _("Declared. Files that name it are left to colleagues."))
        return redirect("cases:interests")
    rows = [row_of(held, user) for held in interests.interests_visible_to(user)[:MOST]]
    context = {"rows": rows, "form": form, "things": things, "refusal": refusal, "records": records}
    return render(request, "cases/interests.html", context, status=refusal.status if refusal else 200)


def _declared(form: InterestForm, things: dict[str, interests.Thing], user: User) -> Refusal | None:
    """Declare what the form says; return what was refused."""
    if not form.is_valid():
        return Invalid("form_invalid", _("Some fields need another look."))
    said = form.cleaned_data
    try:
        interests.declare_interest(
            thing=things[said["thing"]], relation=said["relation"], person=said.get("person"), by=user, at=clock.now()
        )
    except NotFound:
        raise
    except Refusal as refusal:
        form.add_error("relation" if refusal.code == "relation_missing" else None, refusal.detail)
        return refusal
    return None


@require_POST
def end(request: HttpRequest, interest_id: uuid.UUID) -> HttpResponse:
    """End a declaration, as an auditor."""
    reason = request.POST.get("reason", "")
    interests.end_interest(interest_id=interest_id, reason=reason, by=who(request), at=clock.now())
    messages.success(request, _("The declaration is ended."))
    return redirect("cases:interests")
