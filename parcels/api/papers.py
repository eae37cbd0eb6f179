"""Doors of the signed products: issue a paper, revoke it, take the drawing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from authority import clock
from authority.asking import asker
from authority.rest.queries import parameters
from documents.issuing import title_of, verification_address
from documents.models import IssuedPaper
from parcels import selectors
from parcels.api import asked
from parcels.api.asked import Body
from parcels.products import papers


class IssuedPaperSerializer(serializers.ModelSerializer[IssuedPaper]):
    """An issued paper with its file and its proof."""

    number = serializers.CharField(read_only=True)
    title = serializers.SerializerMethodField()
    document = serializers.UUIDField(source="document_id", read_only=True)
    sha256 = serializers.CharField(source="document.sha256", read_only=True)
    issued_by = serializers.CharField(source="issued_by.username", read_only=True)
    proof = serializers.SerializerMethodField()

    class Meta:
        model = IssuedPaper
        fields = (
            "id", "kind", "title", "number", "document", "sha256", "proof", "issued_by", "issued_at", "revoked_at",
            "revocation_reason",
        )  # fmt: skip
        read_only_fields = fields

    def get_title(self, paper: IssuedPaper) -> str:
        """Return what the paper is."""
        return title_of(paper.kind)

    def get_proof(self, paper: IssuedPaper) -> str:
        """Return the public address that proves it."""
        return verification_address(paper.code)


class IssueBody(serializers.Serializer[Any]):
    """A paper to issue."""

    product = serializers.ChoiceField(sorted(papers.PRODUCTS))
    language = serializers.ChoiceField(["ar", "en"], required=False)


class RevocationBody(serializers.Serializer[Any]):
    """Why a paper is revoked."""

    reason = serializers.CharField(max_length=200)


class Papers(APIView):
    """The papers issued of a parcel."""

    @extend_schema(operation_id="parcels_papers", responses=IssuedPaperSerializer(many=True))
    def get(self, request: Request, parcel_id: UUID) -> Response:
        """List the papers issued of a parcel, the latest first."""
        parameters(request, ())
        parcel = selectors.parcel_by_id(parcel_id, asker(request))
        return Response(IssuedPaperSerializer(papers.papers_of(parcel), many=True).data)

    @extend_schema(operation_id="parcels_issue_paper", request=IssueBody, responses={201: IssuedPaperSerializer})
    def post(self, request: Request, parcel_id: UUID) -> Response:
        """Issue `extract`, `corner-list` or `sketch` of the parcel as it stands: PDF/A under the next number."""
        user = asker(request)
        parcel = selectors.parcel_by_id(parcel_id, user)
        body = Body(request.data)
        product, language = body.need("product", asked.text), body.take("language", asked.text, "ar") or "ar"
        body.end()
        made = papers.issue_paper(by=user, at=clock.now(), parcel=parcel, product=product, language=language)
        return Response(IssuedPaperSerializer(made).data, status=201)


class PaperRevocation(APIView):
    """The revocation of a paper."""

    @extend_schema(operation_id="papers_revoke", request=RevocationBody, responses=IssuedPaperSerializer)
    def post(self, request: Request, issued_id: UUID) -> Response:
        """Revoke a paper; whoever proves it is told so."""
        user = asker(request)
        papers.paper_by_id(issued_id, user)
        body = Body(request.data)
        reason = body.need("reason", asked.text)
        body.end()
        done = papers.revoke_paper(by=user, at=clock.now(), paper_id=issued_id, reason=reason)
        return Response(IssuedPaperSerializer(done).data)


class Drawing(APIView):
    """The drawing for CAD."""

    @extend_schema(operation_id="parcels_drawing", responses={(200, "image/vnd.dxf"): OpenApiTypes.BINARY})
    def get(self, request: Request, parcel_id: UUID) -> HttpResponse:
        """Give the parcel's drawing as DXF, metres of the boundary's system."""
        parameters(request, ())
        parcel = selectors.parcel_by_id(parcel_id, asker(request))
        return as_file(papers.drawing(by=asker(request), at=clock.now(), parcel=parcel), parcel.parcel_code)


def as_file(data: bytes, code: str) -> HttpResponse:
    """Return a drawing as an attachment."""
    answer = HttpResponse(data, content_type="image/vnd.dxf")
    answer["Content-Disposition"] = f'attachment; filename="{code}.dxf"'
    answer["Cache-Control"] = "private, no-store"
    return answer
