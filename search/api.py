"""`GET /api/v1/search/`: the one box for programs."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authority.asking import asker
from authority.models import User
from authority.moments import Moment, iso_book, iso_day, moment
from authority.policies import STAFF_READ, require
from authority.rest.queries import BadParameter, parameters
from search import outline, positions, registry, selectors
from search.registry import Findable
from search.selectors import Asked, Narrowed

LAST_PAGE = selectors.RANKED // selectors.PAGE
ASKED = (
    OpenApiParameter("q", str, description="number, code, hod, village, street, name, file number or coordinates"),
    OpenApiParameter("kind", str, description="parcel, asset, case, suit, document, party, place; all when missing"),
    OpenApiParameter("place", str, description="code of a place: it and all below it"),
    OpenApiParameter("custodian", str, description="code of the custodian"),
    OpenApiParameter("status", str),
    OpenApiParameter("use", str, description="land use of parcels"),
    OpenApiParameter("polygon", str, description="POLYGON((lon lat,…)) in degrees, at most 500 corners"),
    OpenApiParameter(
        "as_of", OpenApiTypes.DATE, description="what was true on this day; only parcels are searched then"
    ),
    OpenApiParameter(
        "known_at", str, description="what the register said then: a moment with its zone, or a day (its end in Egypt)"
    ),
    OpenApiParameter("page", int, description="pages of 20, to the fiftieth"),
)


class HitSerializer(serializers.Serializer[registry.Hit]):
    """A thing found."""

    kind = serializers.CharField()
    id = serializers.CharField()
    title = serializers.CharField()
    subtitle = serializers.CharField()
    code = serializers.CharField(help_text="internal code, code of the place, number of the file")
    url = serializers.CharField(help_text="in this API")
    status = serializers.CharField()
    status_title = serializers.CharField()
    area_m2 = serializers.DecimalField(14, 4, allow_null=True)
    lon = serializers.FloatField(allow_null=True)
    lat = serializers.FloatField(allow_null=True)
    quote = serializers.CharField(help_text="the words around the place of the hit, of what has a text")


class GroupSerializer(serializers.Serializer[dict[str, Any]]):
    """What was found of one kind; the count is exact to 10,000."""

    kind = serializers.CharField()
    title = serializers.CharField()
    count = serializers.IntegerField()
    more = serializers.BooleanField(help_text="there are more than are counted")
    area_m2 = serializers.DecimalField(20, 4, allow_null=True, help_text="of those counted")
    next = serializers.CharField(allow_null=True)
    results = HitSerializer(many=True)


class ReadingSerializer(serializers.Serializer[positions.Reading]):
    """One way to read coordinates."""

    epsg = serializers.IntegerField()
    lon = serializers.FloatField()
    lat = serializers.FloatField()
    swapped = serializers.BooleanField(help_text="longitude was taken to stand first")


class WordSerializer(serializers.Serializer[dict[str, str]]):
    """One word as it was understood."""

    about = serializers.CharField(help_text="any, number, hod, street")
    text = serializers.CharField()


class PastSerializer(serializers.Serializer[Moment]):
    """The day that was asked for."""

    as_of = serializers.DateField(source="on")
    known_at = serializers.DateTimeField()
    kinds = serializers.SerializerMethodField(help_text="what is searched as of a day; other kinds keep no versions")

    def get_kinds(self, _moment: Moment) -> list[str]:
        """Return the kinds that can be asked for as of a day."""
        return [one.kind for one in registry.kinds() if one.then]


class FoundSerializer(serializers.Serializer[dict[str, Any]]):
    """An answer of the one box."""

    past = PastSerializer(allow_null=True, help_text="null for today")

    words = WordSerializer(many=True)
    withheld = serializers.BooleanField(help_text="a national number stood in the question; it is not looked up here")
    readings = ReadingSerializer(many=True)
    groups = GroupSerializer(many=True)


class SearchView(APIView):
    """The one box."""

    @extend_schema(operation_id="search", parameters=list(ASKED), responses=FoundSerializer)
    def get(self, request: Request) -> Response:
        """Find what the words mean within the caller's rights."""
        user = caller(request)
        asked = parameters(request, [one.name for one in ASKED])
        question = selectors.ask(user, asked.get("q", ""), narrowed(asked))
        page, when = page_of(asked.get("page", "1")), moment_of(asked)
        kinds = kinds_of(asked.get("kind", ""))
        found = {
            "past": None if when.is_now else when,
            "words": [{"about": word.about.value, "text": word.shown} for word in question.typed.words],
            "withheld": question.typed.withheld,
            "readings": positions.read(asked.get("q", "")),
            "groups": [
                one for kind in kinds if (one := group(question, kind, page, when, request.query_params))["count"]
            ],
        }
        return Response(FoundSerializer(found).data)


def caller(request: Request) -> User:
    """Return who asks; raises NotSignedIn, NotAllowed."""
    user = asker(request)
    require(user, STAFF_READ)
    return user


def narrowed(asked: dict[str, str]) -> Narrowed:
    """Return what the list is narrowed by; raises OutlineUnreadable."""
    drawn = asked.get("polygon", "")
    return Narrowed.read(asked, outline.read(drawn) if drawn else None)


def page_of(text: str) -> int:
    """Return the page asked for; raises BadParameter."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= LAST_PAGE):
        raise BadParameter(parameter="page")
    return int(text)


def kinds_of(name: str) -> list[Findable]:
    """Return the kinds asked for; raises BadParameter."""
    if not name:
        return list(registry.kinds())
    kind = registry.find(name)
    if kind is None:
        raise BadParameter(parameter="kind")
    return [kind]


def moment_of(asked: dict[str, str]) -> Moment:
    """Return the moment asked for; raises BadParameter, DayInFuture, DayTooEarly."""
    times: dict[str, Any] = {}
    for name, parse in (("as_of", iso_day), ("known_at", iso_book)):
        try:
            times[name] = parse(asked[name]) if name in asked else None
        except ValueError:
            raise BadParameter(parameter=name) from None
    return moment(times["as_of"], times["known_at"])


def group(asked: Asked, kind: Findable, page: int, when: Moment, query: QueryDict) -> dict[str, Any]:
    """Return one kind's results with their count, as of the moment."""
    found = selectors.past(asked, kind, when, page)
    following = urlencode({**query.dict(), "kind": kind.kind, "page": page + 1})
    return {
        "kind": kind.kind,
        "title": str(kind.title),
        "count": found.count,
        "more": found.more,
        "area_m2": found.area_m2,
        "next": f"/api/v1/search/?{following}" if found.following and page < LAST_PAGE else None,
        "results": found.hits,
    }
