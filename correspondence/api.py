"""`/api/v1/letters/`: the registers of letters for programs."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authority import clock
from authority.asking import asker
from authority.models import Office, User
from authority.policies import STAFF_READ
from authority.refusal import Invalid, NotFound
from authority.rest.etags import IF_MATCH, check_if_match
from authority.rest.parsing import GuardedMultiPartParser
from authority.rest.queries import parameters
from cases.models import Case
from cases.policies import cases_visible_to
from correspondence import selectors, services
from correspondence.forms import file_of
from correspondence.models import Letter
from correspondence.policies import offices_of
from correspondence.serializers import (
    ACT_FIELDS,
    FILTERS,
    EnclosureBody,
    LetterActBody,
    LetterBody,
    LetterSerializer,
    number_filter,
    uuid_filter,
)
from parcels.models import Parcel
from parcels.policies import parcels_visible_to
from parties.selectors import party_by_id

MOST = 200
ASKED = (
    OpenApiParameter("office", str, description="code of the office"),
    OpenApiParameter("direction", str, description="IN or OUT"),
    OpenApiParameter("year", int),
    OpenApiParameter("number", int, description="the number in its register"),
    OpenApiParameter("below", int, description="only numbers below this one: the next page downwards"),
    OpenApiParameter("state", str, description="DRAFT, REGISTERED, ISSUED, ASSIGNED, ANSWERED, FILED, CANCELLED …"),
    OpenApiParameter("parcel", str, description="id of a parcel"),
    OpenApiParameter("case", str, description="id of a file"),
    OpenApiParameter("waiting", str, description="1: those that wait for an answer until a day"),
)


def etag(letter: Letter) -> str:
    """Return the letter's version as its entity tag."""
    return f'"{letter.row_version}"'


def shown(letter: Letter, user: User, status: int = 200) -> Response:
    """Return a letter with its version."""
    found = selectors.letter_by_id(letter.pk, user)
    return Response(LetterSerializer(found).data, status=status, headers={"ETag": etag(found)})


def office_of(user: User, code: str) -> Office:
    """Return the office of a code in the person's jurisdiction; raises NotFound."""
    found = offices_of(user, STAFF_READ).filter(code=code).first()
    if found is None:
        raise NotFound("office_unknown", _("There is no office of this code in your sight."), field="office")
    return found


def cases_of(user: User, ids: list[UUID]) -> list[Case]:
    """Return the files of these ids; raises NotFound for one out of sight."""
    found = list(cases_visible_to(user, Case.objects.filter(pk__in=ids)))
    if len(found) != len(set(ids)):
        raise NotFound("file_unknown", _("There is no file of this number in your sight."), field="cases")
    return found


def parcels_of(user: User, ids: list[UUID]) -> list[Parcel]:
    """Return the parcels of these ids; raises NotFound for one out of sight."""
    found = list(parcels_visible_to(user, Parcel.objects.filter(pk__in=ids)))
    if len(found) != len(set(ids)):
        raise NotFound("land_unknown", _("There is no such parcel or asset in your sight."), field="parcels")
    return found


def person_of(username: str) -> User:
    """Return the person of an account; raises Invalid `officer_elsewhere`."""
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise Invalid("officer_elsewhere", _("This person holds no office there."), field="to")
    return found


def narrowed(rows: QuerySet[Letter], given: dict[str, str]) -> QuerySet[Letter]:
    """Narrow a list by what the query asks; raises Invalid for what no filter reads."""
    for name, way in FILTERS.items():
        if given.get(name):
            rows = rows.filter(**{way: given[name].replace("\x00", "")[:60]})
    for name, way in (("year", "year"), ("number", "serial"), ("below", "serial__lt")):
        if given.get(name):
            rows = rows.filter(**{way: number_filter(given[name])})
    for name, way in (("parcel", "parcels__parcel"), ("case", "cases__case")):
        if given.get(name):
            rows = rows.filter(**{way: uuid_filter(given[name])})
    if given.get("waiting") == "1":
        rows = rows.filter(state__in=selectors.OPEN, due_on__isnull=False)
    return rows


class LetterList(APIView):
    """The registers of letters."""

    @extend_schema(operation_id="letters_list", parameters=list(ASKED), responses=LetterSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the letters in sight, the latest number first, at most 200."""
        user, given = asker(request), parameters(request, [one.name for one in ASKED])
        rows = narrowed(selectors.letters(user), given).select_related("paper", "entered_by", "signed_by")
        found = rows.prefetch_related("cases", "parcels", "files", "events__by")[:MOST]
        return Response(LetterSerializer(found, many=True).data)

    @extend_schema(operation_id="enter_letter", request=LetterBody, responses={201: LetterSerializer})
    def post(self, request: Request) -> Response:
        """Register an incoming letter, or draft an outgoing one, which takes its number when another signs it."""
        user = asker(request)
        said = LetterBody.read(request)
        coming = said.pop("direction") == Letter.Direction.IN
        said["office"] = office_of(user, said["office"])
        said["cases"] = cases_of(user, said.get("cases", []))
        said["parcels"] = parcels_of(user, said.get("parcels", []))
        if "party" in said:
            said["party"] = party_by_id(said["party"], user=user)
        if "answers" in said:
            said["answers"] = selectors.letter_by_id(said["answers"], user)
        enter = services.register_incoming if coming else services.draft_outgoing
        return shown(enter(by=user, at=clock.now(), **fitting(said, coming)), user, 201)


def fitting(said: dict[str, Any], coming: bool) -> dict[str, Any]:
    """Return what belongs to the register; raises Invalid `letter_incomplete` for what belongs to the other."""
    strange = {"body"} if coming else {"sender_no", "sender_on"}
    wrong = sorted(strange & set(said))
    if wrong or (not coming and "body" not in said):
        raise Invalid("letter_incomplete", _("This entry is needed."), field=wrong[0] if wrong else "body")
    return said


class LetterOne(APIView):
    """One letter."""

    @extend_schema(operation_id="letter", responses=LetterSerializer)
    def get(self, request: Request, letter_id: UUID) -> Response:
        """Show a letter with what it is about and what was done with it."""
        parameters(request, ())
        user = asker(request)
        return shown(selectors.letter_by_id(letter_id, user), user)


class LetterActs(APIView):
    """What is done with a letter."""

    @extend_schema(
        operation_id="act_on_letter", parameters=[IF_MATCH], request=LetterActBody, responses=LetterSerializer
    )
    def post(self, request: Request, letter_id: UUID) -> Response:
        """Do an act on a letter; needs If-Match."""
        user = asker(request)
        letter = selectors.letter_by_id(letter_id, user)
        check_if_match(request, etag(letter))
        said = LetterActBody.read(request)
        verb, allowed = ACT_FIELDS[said.pop("act")]
        strange = sorted(set(said) - allowed)
        if strange:
            raise Invalid("letter_incomplete", _("This act does not take this entry."), field=strange[0])
        if "to" in said:
            said["to"] = person_of(said["to"])
        if "cases" in allowed:
            said["cases"] = cases_of(user, said.get("cases", []))
            said["parcels"] = parcels_of(user, said.get("parcels", []))
        missing = sorted(needed(verb) - set(said))
        if missing:
            raise Invalid("letter_incomplete", _("This entry is needed."), field=missing[0])
        verb(by=user, at=clock.now(), letter=letter, expected=letter.row_version, **said)
        return shown(letter, user)


def needed(verb: Callable[..., Any]) -> set[str]:
    """Return what a verb cannot do without, beside who, when and which letter."""
    asked = signature(verb).parameters.values()
    return {one.name for one in asked if one.default is Parameter.empty} - {"by", "at", "letter"}


class LetterEnclosures(APIView):
    """Files of a letter."""

    parser_classes = [GuardedMultiPartParser]

    @extend_schema(
        operation_id="enclose_in_letter",
        parameters=[IF_MATCH],
        request={"multipart/form-data": EnclosureBody},
        responses={201: LetterSerializer},
    )
    def post(self, request: Request, letter_id: UUID) -> Response:
        """Attach a file to a letter; needs If-Match."""
        user = asker(request)
        letter = selectors.letter_by_id(letter_id, user)
        check_if_match(request, etag(letter))
        said = EnclosureBody.read(request)
        handed = file_of(said["file"], said.get("title", ""))
        if handed is None:
            raise Invalid("letter_incomplete", _("This entry is needed."), field="file")
        services.enclose(by=user, at=clock.now(), letter=letter, file=handed, expected=letter.row_version)
        return shown(letter, user, 201)
