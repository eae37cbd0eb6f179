"""`/api/v1/cases/`: files, what may be done on them, and the doing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authority import clock
from authority.models import User
from authority.refusal import Invalid, PreconditionRequired
from authority.rest.etags import IF_MATCH, etag_of
from authority.rest.parsing import GuardedJSONParser, GuardedMultiPartParser
from authority.rest.queries import parameters, switched_on
from cases import doors, selectors, services
from cases.models import Case
from cases.registry import kind_of
from cases.serializers import (
    ActRequestSerializer,
    ActSerializer,
    ActsSerializer,
    CaseDetailSerializer,
    CaseSerializer,
    OpeningSerializer,
    PaperSerializer,
    PaperUploadSerializer,
    WithdrawalSerializer,
)
from cases.services import NewPaper

FILTERS = ("kind", "state", "open", "late", "parcel", "asset", "number", "mine")
PROBLEM = OpenApiResponse(description="problem document (RFC 9457)")
NO_VERSION = -1  # a version that no file has: the caller's is not the present one


def who(request: Request) -> User:
    """The person asking; the permission classes let nobody else in."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


def etag(case: Case) -> str:
    """The ETag of a file: it changes with every act."""
    return etag_of("case", case.pk, case.row_version)


def version_meant(request: Request, case: Case) -> int:
    """The version that If-Match names; raises PreconditionRequired without one."""
    header = request.headers.get("If-Match", "").strip()
    if not header or header == "*":
        raise PreconditionRequired
    return case.row_version if etag(case) in [part.strip() for part in header.split(",")] else NO_VERSION


def body_of(request: Request) -> dict[str, Any]:
    """The body as an object; raises Invalid for anything else."""
    if not isinstance(request.data, Mapping):
        raise Invalid("object_expected", "A JSON object is expected.")
    return dict(request.data.items())


def shown(case: Case, request: Request, status: int = 200) -> Response:
    """A file with its ETag."""
    fresh = selectors.case_by_id(case.pk, who(request))
    data = CaseDetailSerializer(fresh, context={"request": request}).data
    return Response(data, status=status, headers={"ETag": etag(fresh)})


class CaseList(generics.ListAPIView[Case]):
    """Files within sight, the newest first."""

    queryset = Case.objects.none()
    serializer_class = CaseSerializer
    cursor_ordering = ("-opened_at", "id")

    def get_queryset(self) -> QuerySet[Case]:
        """The files asked for."""
        asked = parameters(self.request, FILTERS)
        state = "open" if switched_on(asked.get("open"), "open") else asked.get("state", "")
        late = switched_on(asked.get("late"), "late")
        rows = selectors.rows_for_list(who(self.request), kind=asked.get("kind", ""), state=state, late=late)
        if switched_on(asked.get("mine"), "mine"):
            rows = rows.filter(pk__in=selectors.inbox(who(self.request)).order_by().values("pk"))
        for name in ("parcel", "asset"):
            if name in asked:
                rows = rows.filter(**{f"{name}_id": doors.as_uuid(asked[name], name)})
        return rows.filter(number=asked["number"]) if "number" in asked else rows

    @extend_schema(
        operation_id="cases_list",
        parameters=[OpenApiParameter(name, str) for name in FILTERS],
        responses=CaseSerializer(many=True),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List files."""
        return self.list(request, *args, **kwargs)

    @extend_schema(
        operation_id="cases_open",
        request=OpeningSerializer,
        responses={201: CaseDetailSerializer, 400: PROBLEM, 403: PROBLEM, 404: PROBLEM},
    )
    def post(self, request: Request) -> Response:
        """Open a file on a parcel, an asset or a place."""
        body = body_of(request)
        asked = OpeningSerializer(data=body)
        asked.is_valid(raise_exception=True)
        opener = kind_of(asked.validated_data["kind"]).opener
        if opener is None:
            raise Invalid("not_opened_here", "Files of this kind are not opened here.")
        data = {k: v for k, v in body.items() if k not in {"kind", "facts"}} | asked.validated_data.get("facts", {})
        case = opener(by=who(request), at=clock.now(), data=data)
        response = shown(case, request, status=201)
        response["Location"] = f"/api/v1/cases/{case.pk}/"
        return response


class CaseDetail(APIView):
    """One file."""

    @extend_schema(operation_id="cases_retrieve", responses={200: CaseDetailSerializer, 404: PROBLEM})
    def get(self, request: Request, case_id: str) -> Response:
        """Show a file with its figures, deadlines, papers and events."""
        return shown(selectors.case_by_id(case_id, who(request)), request)


class CaseActs(APIView):
    """What may be done on a file, and the doing."""

    @extend_schema(operation_id="cases_acts_list", responses={200: ActsSerializer, 404: PROBLEM})
    def get(self, request: Request, case_id: str) -> Response:
        """Say what I may do, and what not and why."""
        case = selectors.case_by_id(case_id, who(request))
        rows = selectors.acts_for(case, who(request))
        return Response({"acts": ActSerializer(rows, many=True).data}, headers={"ETag": etag(case)})

    @extend_schema(
        operation_id="cases_acts_do",
        parameters=[IF_MATCH],
        request=ActRequestSerializer,
        responses={200: CaseDetailSerializer} | dict.fromkeys((400, 403, 404, 409, 412, 428), PROBLEM),
    )
    def post(self, request: Request, case_id: str) -> Response:
        """Do an act: 409 when it does not follow from the file's state, 412 when the file has moved on meanwhile."""
        case, body = selectors.case_by_id(case_id, who(request)), body_of(request)
        meant = version_meant(request, case)
        asked = ActRequestSerializer(data=body)
        asked.is_valid(raise_exception=True)
        known = asked.validated_data
        beside = {name: value for name, value in body.items() if name not in asked.fields}
        services.require_act_open(case, known["act"])
        services.perform(
            case.pk,
            known["act"],
            by=who(request),
            at=clock.now(),
            role=known.get("role", ""),
            note=known.get("note", ""),
            facts=doors.facts_for(case, known["act"], beside | known.get("facts", {})),
            papers=[NewPaper(**paper) for paper in known.get("papers", [])],
            if_match=meant,
        )
        return shown(case, request)


class CasePapers(APIView):
    """Papers of a file."""

    parser_classes = [GuardedMultiPartParser, GuardedJSONParser, FormParser]

    @extend_schema(operation_id="cases_papers_list", responses={200: PaperSerializer(many=True), 404: PROBLEM})
    def get(self, request: Request, case_id: str) -> Response:
        """List the papers."""
        case = selectors.case_by_id(case_id, who(request))
        return Response(PaperSerializer(case.papers.all(), many=True).data)

    @extend_schema(
        operation_id="cases_papers_add",
        request={"multipart/form-data": PaperUploadSerializer, "application/json": PaperUploadSerializer},
        responses={201: PaperSerializer, 400: PROBLEM, 403: PROBLEM, 404: PROBLEM, 409: PROBLEM},
    )
    def post(self, request: Request, case_id: str) -> Response:
        """Attach a paper: a file, a number or words."""
        case = selectors.case_by_id(case_id, who(request))
        asked = PaperUploadSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        known = dict(asked.validated_data)
        file = known.pop("file", None)
        paper = NewPaper(**known, file=file, filename=file.name if file else "")
        stored = services.attach_paper(case.pk, paper=paper, by=who(request), at=clock.now())
        return Response(PaperSerializer(stored).data, status=201)


class WithdrawnPaper(APIView):
    """A paper attached by mistake."""

    @extend_schema(
        operation_id="cases_papers_withdraw",
        request=WithdrawalSerializer,
        responses={200: PaperSerializer, 400: PROBLEM, 403: PROBLEM, 404: PROBLEM, 409: PROBLEM},
    )
    def post(self, request: Request, case_id: str, paper_id: int) -> Response:
        """Mark it as withdrawn, with the reason; it stays in the file and serves no act."""
        case = selectors.case_by_id(case_id, who(request))
        asked = WithdrawalSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        reason = asked.validated_data["reason"]
        held = services.withdraw_paper(case.pk, paper_id, reason=reason, by=who(request), at=clock.now())
        return Response(PaperSerializer(held).data)
