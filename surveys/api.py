"""The API of surveys: hand in, look, answer, decide. Its bodies are a contract (docs/reference/api.md)."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authority import clock
from authority.models import User
from authority.refusal import Invalid
from authority.rest.etags import IF_MATCH_MAY, check_if_match, etag_of
from authority.rest.paging import CursorPaging
from authority.rest.queries import parameters
from surveys import acts, schema, selectors, services
from surveys.forms import received
from surveys.models import Submission
from surveys.presenting import fault_json, feature_json, submission_json

DECIMALS = 9
PAGING = [
    OpenApiParameter("cursor", str, description="from the links `next` and `previous`"),
    OpenApiParameter("page_size", int, description="1 to 1000; 100 when missing"),
]


def user_of(request: Request) -> User:
    """Return who asks; the API answers nobody else."""
    return cast(User, request.user)


def version_of(submission: Submission) -> str:
    """Return the ETag of a survey's version."""
    return etag_of("submission", submission.pk, submission.row_version)


def told(submission: Submission, status: int = 200) -> Response:
    """Answer with a survey and its version."""
    address = reverse("surveys-api:submission", args=[submission.pk])
    headers = {"ETag": version_of(submission), **({"Location": address} if status == 202 else {})}
    return Response(submission_json(submission), status=status, headers=headers)


class Submissions(APIView):
    """Surveys: the list, and handing one in."""

    cursor_ordering = ("-submitted_at", "-id")

    @extend_schema(operation_id="submissions_list", parameters=PAGING, responses=schema.SubmissionPage)
    def get(self, request: Request) -> Response:
        """Return the surveys I may see, newest first."""
        parameters(request, ())
        paging = CursorPaging()
        page = paging.paginate_queryset(selectors.submissions_for(user_of(request)), request, self)
        return paging.get_paginated_response([submission_json(one) for one in page])

    @extend_schema(
        operation_id="submissions_create",
        request={"multipart/form-data": schema.NewSubmission},
        responses={202: schema.SubmissionBody},
    )
    def post(self, request: Request) -> Response:
        """Hand a survey in: multipart with `file`, and `place`, `crs`, `encoding`, `mapping` where they are known."""
        if not isinstance(request.data, dict):
            raise Invalid("file_missing", _("Choose the survey's file."))
        fields = {name: value for name, value in request.data.items() if name not in request.FILES}
        user = user_of(request)
        return told(services.receive(by=user, at=clock.now(), **received(fields, request.FILES, user)), status=202)


class OneSubmission(APIView):
    """One survey."""

    @extend_schema(operation_id="submissions_retrieve", responses=schema.SubmissionBody)
    def get(self, request: Request, submission_id: UUID) -> Response:
        """Return how far it is, what is asked, what was found."""
        parameters(request, ())
        return told(selectors.submission_by_id(submission_id, user_of(request)))


class Collection(APIView):
    """Pages of GeoJSON that belong to one survey."""

    cursor_ordering: tuple[str, ...] = ("id",)

    def page(self, request: Request, rows: QuerySet[Any], as_json: Any) -> Response:
        """Return one page as a FeatureCollection with the links `next` and `previous`."""
        paging = CursorPaging()
        placed = rows.annotate(geojson=AsGeoJSON("geom", precision=DECIMALS)).defer("geom")
        page = paging.paginate_queryset(placed, request, self)
        return Response(
            {
                "type": "FeatureCollection",
                "next": paging.get_next_link(),
                "previous": paging.get_previous_link(),
                "features": [as_json(row, row.geojson) for row in page],
            },
            content_type="application/geo+json",
        )


class Features(Collection):
    """The features of the file, as received and as placed."""

    cursor_ordering = ("row",)

    @extend_schema(operation_id="submissions_features", parameters=PAGING, responses=schema.FeaturePage)
    def get(self, request: Request, submission_id: UUID) -> Response:
        """Return them in the order of the file."""
        parameters(request, ())
        submission = selectors.submission_by_id(submission_id, user_of(request))
        return self.page(request, submission.features.defer("source_geom", "geom_3857"), feature_json)


class Faults(Collection):
    """What the checks found."""

    @extend_schema(operation_id="submissions_faults", parameters=PAGING, responses=schema.FaultPage)
    def get(self, request: Request, submission_id: UUID) -> Response:
        """Return them in the order in which they were found."""
        parameters(request, ())
        submission = selectors.submission_by_id(submission_id, user_of(request))
        return self.page(request, submission.faults.all(), fault_json)


class Acts(APIView):
    """What may be done with a survey."""

    @extend_schema(operation_id="submissions_acts_list", responses=schema.SubmissionActs)
    def get(self, request: Request, submission_id: UUID) -> Response:
        """Return what I may do, what I may not, and why."""
        parameters(request, ())
        user = user_of(request)
        submission = selectors.submission_by_id(submission_id, user)
        offers = [offer.as_json() for offer in acts.acts_for(submission, user)]
        return Response({"acts": offers}, headers={"ETag": version_of(submission)})

    @extend_schema(
        operation_id="submissions_acts_do",
        parameters=[IF_MATCH_MAY],
        request=schema.DoSubmissionAct,
        responses=schema.SubmissionBody,
    )
    def post(self, request: Request, submission_id: UUID) -> Response:
        """Do one act: {"act": "answer", "kind": "crs", "value": "EPSG:22992"}, {"act": "accept"} …"""
        user = user_of(request)
        submission = selectors.submission_by_id(submission_id, user)
        version = None
        if "If-Match" in request.headers:
            check_if_match(request, version_of(submission))
            version = submission.row_version
        return told(services.perform(submission, body_of(request), by=user, at=clock.now(), version=version))


def body_of(request: Request) -> dict[str, Any]:
    """Return the body as an object; raises Invalid (act_missing)."""
    body = request.data if isinstance(request.data, dict) else {}
    if not isinstance(body.get("act"), str):
        raise Invalid("act_missing", _("Name the act: answer, accept, accept_sound, return or withdraw."))
    return dict(body)
